"""Exercises of the fixture."""

from helpers.exercises import solution

solution(
    "99.p1",
    kind="prediction",
    truth=89.5,
    entry="number",
    unit="%",
    objective="Commit to a guess",
    level="understand",
)
solution(
    "99.p2",
    kind="prediction",
    options=["much longer", "longer", "shorter"],
    objective="Commit to a direction",
    level="understand",
)

solution(
    "99.1",
    kind="number",
    answer=89.47,
    tolerance=0.5,
    unit="%",
    decimals=1,
    wrong={
        84.21: "Sixteen of nineteen is the second coding.",
        73.68: "Fourteen of nineteen is the third coding.",
    },
    hints=["Count the rows.", "Divide seventeen by nineteen."],
    explanation="Seventeen of nineteen women.",
    objective="Compute a share",
    level="apply",
)

solution(
    "99.7",
    kind="number",
    answer=89.5,
    tolerance=0.5,
    unit="%",
    decimals=1,
    varies="campaign_released_share",
    wrong={
        43.78: "That is the share of those outside the campaign.",
        47.22: "That is the share of all rows together.",
    },
    hints=["Keep only the rows of the campaign."],
    explanation="Seventeen of nineteen rows.",
    objective="Compute a share from rows",
    level="apply",
)

solution(
    "99.6",
    kind="code",
    answer="def share(k, n):\n    return k / n if n else 0.0",
    tests=[((17, 19), 0.894737), ((0, 5), 0.0), ((3, 0), 0.0)],
    tolerance=1e-5,
    wrong={2: "Think of a group with nobody in it."},
    hints=["Guard the division."],
    objective="Compute with an empty group",
    level="apply",
)

solution(
    "99.2",
    kind="choice",
    options=["public coercive", "private coercive", "public expressive"],
    answer="private coercive",
    wrong={"public coercive": "The threat was made in a closed meeting."},
    explanation="A threat behind closed doors.",
    objective="Place an action in the typology",
    level="understand",
)

solution(
    "99.3",
    kind="multiple",
    options=["axis one", "axis two", "axis three"],
    answer=["axis one", "axis two"],
    wrong={
        "axis three": "The third axis is not in the table.",
        ("axis one",): "One more axis is needed.",
    },
    objective="Name the axes of the table",
    level="remember",
)

solution(
    "99.4",
    kind="ordering",
    answer=["repression", "denial", "concession", "status"],
    wrong={
        ("concession", "denial"): "Denial comes before any concession.",
        ("status", "concession", "denial", "repression"): "This is the order backwards.",
    },
    objective="Retell the order of events",
    level="remember",
)

solution(
    "99.5",
    kind="text",
    only_shipped=True,
    answer=["risk set", "the risk set"],
    wrong={"sample": "The sample never shrinks, this does."},
    objective="Use the name of a set",
    level="remember",
)

solution(
    "99.r1",
    kind="reflection",
    rubric=["Names a rival explanation."],
    discussion="Ask who would gain from the other reading.",
    objective="Weigh a rival explanation",
    level="evaluate",
)
