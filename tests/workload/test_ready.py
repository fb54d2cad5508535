"""ReadyNodes gives what looking at all ready nodes in order of id would give."""

from hypothesis import given
from hypothesis import strategies as st

from simastra.workload import ReadyNodes, Resource

NEEDS = st.sampled_from([None, *Resource])


@given(data=st.data(), needs=st.lists(NEEDS, max_size=12))
def test_the_lowest_id_that_can_go_goes_first(
    data: st.DataObject, needs: list[Resource | None]
) -> None:
    ready = ReadyNodes(needs)
    listed: set[int] = set()
    unlisted = list(range(len(needs)))
    for _ in range(data.draw(st.integers(0, 20), "steps")):
        adding = data.draw(st.lists(st.sampled_from(unlisted), unique=True)) if unlisted else []
        ready.add(adding)
        listed.update(adding)
        unlisted = [index for index in unlisted if index not in adding]
        busy = data.draw(st.sets(st.sampled_from(list(Resource)), max_size=2))
        can_go = [index for index in sorted(listed) if needs[index] not in busy]
        assert ready.take(busy) == (can_go[0] if can_go else None)
        listed -= set(can_go[:1])
        assert {index for index in range(len(needs)) if index in ready} == listed
        assert bool(ready) == bool(listed)
