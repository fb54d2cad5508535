"""A transformer's numbers."""

from dataclasses import dataclass
from enum import StrEnum

from simastra.errors import OptionError
from simastra.values import settle

_NUMBERS = (
    "layers",
    "hidden",
    "heads",
    "ffn",
    "vocabulary",
    "sequence",
    "kv_heads",
    "head_size",
    "experts",
    "top_k",
    "vocabulary_multiple",
    "shared_experts",
)


class Family(StrEnum):
    """How a layer is made.

    GPT: layer norms and biases, learned positions, two projections in the feed-forward part
    (arXiv:1909.08053). LLAMA: root-mean-square norms, no biases, rotary positions, a gated
    feed-forward part of three projections (arXiv:2302.13971).
    """

    GPT = "gpt"
    LLAMA = "llama"


@dataclass(frozen=True, slots=True)
class Latent:
    """Multi-head latent attention (DeepSeek-V2, arXiv:2405.04434, section 2.1).

    Attributes:
        query: size of a token's latent vector that queries are made of.
        keys: of the one that keys and values are made of; it is all that is cached, with `rope`.
        rope: of the part of a query and a key that holds its position; all heads share the key's.
        value: of a head's value.
    """

    query: int
    keys: int
    rope: int
    value: int

    def __post_init__(self) -> None:
        settle(self, numbers=("query", "keys", "rope", "value"))
        for name in ("query", "keys", "rope", "value"):
            _check_positive(f"latent {name}", getattr(self, name))


@dataclass(frozen=True, slots=True)
class Model:
    """A dense transformer, or one whose feed-forward parts are mixtures of experts.

    Attributes:
        name: for people.
        family: how a layer is made.
        layers: number of layers.
        hidden: size of a token's vector.
        heads: attention heads.
        ffn: inner size of a feed-forward part, or of an expert.
        vocabulary: tokens that there are. It is padded: see `padded_vocabulary`.
        sequence: tokens of a sequence, where nothing else is said.
        kv_heads: heads of keys and values (grouped-query attention); None for `heads`.
        head_size: of a head's vectors; None for hidden / heads.
        experts: of each layer; 0 for a dense model. A mixture is of the family LLAMA.
        top_k: experts that each token goes to. Tokens are taken to be spread evenly.
        tied_embeddings: whether the output layer shares its table with the input layer.
        vocabulary_multiple: what the vocabulary is padded to a multiple of, as Megatron-LM does.
        latent: of attention that makes keys and values of a small vector; None for the usual one.
            `head_size` is then that of a query without its `Latent.rope`. All layers are alike:
            those at the start that have no experts are taken for mixtures, too.
        shared_experts: further experts that each token goes to, of a model with latent attention.

    Raises:
        OptionError: the numbers contradict each other.
    """

    name: str
    family: Family
    layers: int
    hidden: int
    heads: int
    ffn: int
    vocabulary: int
    sequence: int
    kv_heads: int | None = None
    head_size: int | None = None
    experts: int = 0
    top_k: int = 0
    tied_embeddings: bool = False
    vocabulary_multiple: int = 128
    latent: Latent | None = None
    shared_experts: int = 0

    def __post_init__(self) -> None:
        settle(self, numbers=_NUMBERS, members={"family": Family})
        for name in ("layers", "hidden", "heads", "ffn", "vocabulary", "sequence"):
            _check_positive(name, getattr(self, name))
        for name in ("kv_heads", "head_size", "vocabulary_multiple"):
            value = getattr(self, name)
            if value is not None:
                _check_positive(name, value)
        if self.head_size is None and self.hidden % self.heads:
            raise OptionError(
                "heads",
                f"the hidden size {self.hidden} isn't a multiple of {self.heads} heads; "
                "give the size of a head, or other numbers",
            )
        if self.heads % self.key_heads:
            problem = f"{self.heads} heads can't share {self.key_heads} heads of keys and values"
            raise OptionError("kv-heads", f"{problem}; a divisor of the heads is wanted")
        self._check_experts()

    def _check_experts(self) -> None:
        if self.experts < 0:
            raise OptionError("experts", f"is {self.experts}; 0 or more are wanted")
        if self.experts and not 1 <= self.top_k <= self.experts:
            problem = f"is {self.top_k}; 1 to {self.experts}, the number of experts, is wanted"
            raise OptionError("top-k", problem)
        if not self.experts and self.top_k:
            raise OptionError("top-k", "is given for a model without experts; leave it out")
        if self.latent is not None and not (self.experts and self.shared_experts > 0):
            problem = "is for mixtures that have shared experts; give experts and shared_experts"
            raise OptionError("latent", problem)
        if self.shared_experts and self.latent is None:
            raise OptionError("shared_experts", "are for latent attention; leave them out")
        if self.experts and self.family is not Family.LLAMA:
            raise OptionError("experts", "are for the family llama; leave them out")

    @property
    def key_heads(self) -> int:
        """Heads of keys and values."""
        return self.heads if self.kv_heads is None else self.kv_heads

    @property
    def size_of_head(self) -> int:
        """Size of a head's vectors."""
        return self.hidden // self.heads if self.head_size is None else self.head_size

    @property
    def padded_vocabulary(self) -> int:
        """Rows of the embedding tables: the vocabulary, rounded up."""
        return -(-self.vocabulary // self.vocabulary_multiple) * self.vocabulary_multiple


def _check_positive(name: str, value: int) -> None:
    if value < 1:
        raise OptionError(name.replace("_", "-"), f"is {value}; 1 or more are wanted")
