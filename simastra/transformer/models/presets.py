"""Models that have a name, with the source of their numbers."""

from types import MappingProxyType

from .model import Family, Latent, Model

_GPT2_VOCABULARY = 50257


def _gpt(name: str, layers: int, hidden: int, heads: int, sequence: int = 2048) -> Model:
    return Model(
        name,
        Family.GPT,
        layers,
        hidden,
        heads,
        ffn=4 * hidden,
        vocabulary=_GPT2_VOCABULARY,
        sequence=sequence,
        tied_embeddings=True,
    )


_LATENT = Latent(query=1536, keys=512, rope=64, value=128)


def _deepseek(
    name: str, layers: int, hidden: int, ffn: int, vocabulary: int, experts: tuple[int, int, int]
) -> Model:
    """Its layers without experts, the first one or three, are taken for mixtures as well."""
    return Model(
        name,
        Family.LLAMA,
        layers,
        hidden,
        heads=128,
        ffn=ffn,
        vocabulary=vocabulary,
        sequence=4096,
        head_size=128,
        experts=experts[0],
        top_k=experts[1],
        latent=_LATENT,
        shared_experts=experts[2],
    )


_MODELS = (
    # Radford et al., Language Models are Unsupervised Multitask Learners (2019), table 2.
    _gpt("gpt2-xl", 48, 1600, 25, sequence=1024),
    # Brown et al., Language Models are Few-Shot Learners, arXiv:2005.14165, table 2.1.
    _gpt("gpt3-6.7b", 32, 4096, 32),
    _gpt("gpt3-13b", 40, 5120, 40),
    _gpt("gpt3-175b", 96, 12288, 96),
    # Smith et al., Megatron-Turing NLG 530B, arXiv:2201.11990, section 2.3.
    _gpt("mt-nlg-530b", 105, 20480, 128),
    # Narayanan et al., Efficient Large-Scale Training, arXiv:2104.04473, table 1.
    _gpt("megatron-1t", 128, 25600, 160),
    # Touvron et al., Llama 2, arXiv:2307.09288, table 1 and its model cards.
    Model("llama2-7b", Family.LLAMA, 32, 4096, 32, 11008, 32000, 4096),
    Model("llama2-70b", Family.LLAMA, 80, 8192, 64, 28672, 32000, 4096, kv_heads=8),
    # The Llama 3 Herd of Models, arXiv:2407.21783, table 3.
    Model("llama3-8b", Family.LLAMA, 32, 4096, 32, 14336, 128256, 8192, kv_heads=8),
    Model("llama3-70b", Family.LLAMA, 80, 8192, 64, 28672, 128256, 8192, kv_heads=8),
    Model("llama3-405b", Family.LLAMA, 126, 16384, 128, 53248, 128256, 8192, kv_heads=8),
    # Jiang et al., Mixtral of Experts, arXiv:2401.04088, table 1; 8x22b: its model card.
    Model("mixtral-8x7b", Family.LLAMA, 32, 4096, 32, 14336, 32000, 4096, 8, experts=8, top_k=2),
    Model("mixtral-8x22b", Family.LLAMA, 56, 6144, 48, 16384, 32768, 4096, 8, experts=8, top_k=2),
    # DeepSeek-V2, arXiv:2405.04434, section 3.1.2; DeepSeek-V3, arXiv:2412.19437, section 4.2.
    _deepseek("deepseek-v2", 60, 5120, 1536, 102400, (160, 6, 2)),
    _deepseek("deepseek-v3", 61, 7168, 2048, 129280, (256, 8, 1)),
)

PRESETS: MappingProxyType[str, Model] = MappingProxyType({model.name: model for model in _MODELS})
"""Models by name. To add one, add an entry."""
