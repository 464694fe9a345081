"""Exercises of notebook 09: What would show that a human rights dialogue works?."""

from helpers.exercises import solution

solution("09.1", kind="choice",
         options=["We cannot yet say; few have looked in a way that could have shown an effect.",
                  "Dialogues have been shown to have no effect.",
                  "Dialogues do harm.",
                  "Dialogues work, but slowly."],
         answer="We cannot yet say; few have looked in a way that could have shown an effect.",
         wrong={"Dialogues have been shown to have no effect.":
                    "That needs a study able to see an effect that then saw none.",
                "Dialogues do harm.": "Some authors say so of one case; the summary does not.",
                "Dialogues work, but slowly.":
                    "Slow results are a reason given for waiting, not a result."},
         hints=["Is a review of writings a test of the dialogues?"],
         explanation="Absence of evidence: the review calls for a better evidence base.",
         objective="Tell absence of evidence from evidence of absence", level="understand")

solution("09.p1", kind="prediction", most=13, truth=9,
         entry="number", unit="rounds",
         objective="Expect gaps in a public record", level="understand")

solution("09.2", kind="number", answer=6.2, tolerance=0.1, unit="years", decimals=1,
         wrong={6: "You subtracted the years; the months count too.",
                7: "That is to the consultations of September 2017.",
                5: "The campaign of 2015 is not the end of the freeze."},
         hints=["Six full years to October 2016, and then?",
                "1 or 31 October 2010 to 19 December 2016."],
         explanation="6.1 to 6.2 years, depending on the day in October.",
         objective="Compute a duration from an uncertain date", level="apply")

solution("09.3", kind="choice",
         options=["A rival explanation: the timing fits the dialogue as well as the campaign.",
                  "The dialogue freed her.",
                  "The campaign freed her; the dialogue is always on.",
                  "Nothing, because the two dates differ."],
         answer="A rival explanation: the timing fits the dialogue as well as the campaign.",
         wrong={"The dialogue freed her.":
                    "One date before another is a clue, not a cause; the campaign fits too.",
                "The campaign freed her; the dialogue is always on.":
                    "Rounds are rare: this one falls four days later.",
                "Nothing, because the two dates differ.":
                    "A gift before a meeting is what one would expect of a gift."},
         hints=["What else happened in those months that would leave the same trace?"],
         explanation="Timing alone cannot choose between two causes active at once.",
         objective="See a rival explanation in the order of events", level="analyze")

solution("09.4", kind="ordering",
         answer=["repression", "denial", "tactical concessions", "prescriptive status",
                 "rule-consistent behaviour"],
         wrong={("tactical concessions", "denial"):
                    "A government that denies that the criticism is valid has conceded nothing yet.",
                ("prescriptive status", "tactical concessions"):
                    "Concessions come first: they cost little and bind nobody.",
                ("rule-consistent behaviour", "prescriptive status"):
                    "The norm is accepted before practice follows it.",
                ("denial", "repression"):
                    "Denial is an answer to critics; at first nobody is heard."},
         hints=["At first nobody outside knows.", "Accepting a rule comes before keeping it."],
         explanation="Silence, refusal, gestures, acceptance, habit.",
         objective="Order the phases of the spiral model", level="remember")

solution("09.p2", kind="prediction",
         truth="one, Indonesia, by our judgement; by our ticks and the middle rule two",
         options=["none", "one", "two", "all three"],
         objective="Commit to a placement before seeing the indicators", level="evaluate")

solution("09.5", kind="choice",
         options=["A court cites the covenant against a ministry, and the ministry argues the facts.",
                  "Three prisoners are pardoned before a summit.",
                  "A dialogue is agreed for a further year.",
                  "A covenant was ratified twenty years before the first round."],
         answer="A court cites the covenant against a ministry, and the ministry argues the facts.",
         wrong={"Three prisoners are pardoned before a summit.":
                    "A pardon grants nothing about the norm; it is the model case of a concession.",
                "A dialogue is agreed for a further year.":
                    "Agreeing to talk is in phase 3; it can even serve to buy time.",
                "A covenant was ratified twenty years before the first round.":
                    "Ratified before any pressure, it cannot mark a step taken under pressure."},
         hints=["In phase 4 the quarrel is about compliance, not about validity."],
         explanation="The norm binds at home, and what is disputed is practice.",
         objective="Tell a concession from the acceptance of a norm", level="analyze")

solution("09.6", kind="choice",
         options=["The covenant was joined in 1982, before any concession: it cannot mark this step.",
                  "A one-party state cannot be in phase 4.",
                  "The dialogue with Norway has not ended.",
                  "Critics are still jailed, so no phase beyond 1 is possible."],
         answer="The covenant was joined in 1982, before any concession: it cannot mark this step.",
         wrong={"A one-party state cannot be in phase 4.":
                    "The model has no such rule; that would decide the case by definition.",
                "The dialogue with Norway has not ended.":
                    "Whether talks go on says nothing about what was accepted.",
                "Critics are still jailed, so no phase beyond 1 is possible.":
                    "In phases 2 to 4 practice lags; that is what they are about."},
         hints=["Which indicator is out of order in time?"],
         explanation="An indicator counts for a step only if it came with the step.",
         objective="Argue for or against a placement", level="evaluate")

solution("09.7", kind="number", between=[0, 2], answer=0.80, tolerance=0.005, unit="", decimals=2,
         wrong={8: "That is the weighted sum; divide by the sum of the weights.",
                1: "That is the mean of the four scores without weights.",
                0.89: "You divided by nine; divide by the weights, which add up to ten.",
                2: "You divided by the number of criteria; divide by the weights."},
         hints=["The four scores are 0, 0, 2 and 2.", "(0 + 0 + 1 × 2 + 3 × 2) / 10"],
         explanation="(2×0 + 4×0 + 1×2 + 3×2) / 10 = 0.80.",
         objective="Compute a weighted score", level="apply")

solution("09.8", kind="code",
         answer="""def weighted(scores, weights):
    total = sum(weights)
    if total == 0:
        return None
    return sum(s * w for s, w in zip(scores, weights)) / total""",
         tests=[(([0, 0, 2, 2], [2, 4, 1, 3]), 0.8), (([1, 2], [1, 1]), 1.5),
                (([2, 0, 1], [0, 0, 5]), 1.0), (([1, 2], [0, 0]), None)],
         tolerance=1e-6,
         wrong={0: "With weights 2, 4, 1, 3 and scores 0, 0, 2, 2 it is 8/10: divide by the weights.",
                1: "With equal weights it is the plain mean.",
                2: "A criterion with weight 0 must not count, not even in the denominator.",
                3: "When all weights are zero there is no mean; return None."},
         hints=["Sum of weight times score, divided by the sum of the weights."],
         objective="Write a weighted score with its edge case", level="create")

solution("09.9", kind="multiple",
         options=["Introduce time limits.", "Agree benchmarks to measure progress.",
                  "Widen participation and inform people at home.",
                  "Choose states with some history and prospect of liberalisation.",
                  "Assess dialogue against other mechanisms.",
                  "Make every NGO that asks a dialogue partner.",
                  "Offer trade in return for progress."],
         answer=["Introduce time limits.", "Agree benchmarks to measure progress.",
                 "Widen participation and inform people at home.",
                 "Choose states with some history and prospect of liberalisation.",
                 "Assess dialogue against other mechanisms."],
         wrong={"Make every NGO that asks a dialogue partner.": "It calls some unsuitable as partners.",
                "Offer trade in return for progress.": "A carrot; the summary does not advise it."},
         hints=["Five of the seven."], explanation="Not there: partners at will, and trade.",
         objective="Name the recommendations", level="understand")

solution("09.10", kind="number", answer=8.5, tolerance=0.06, unit="", decimals=1,
         wrong={5.1: "That makes 'met' a toss-up: you left out the 0.84 for four times in five.",
                3.4: "You left out the 1.28 for being sure nine times in ten.",
                2.1: "Multiply by the standard deviation.",
                9.9: "That is for being sure 19 times in 20.",
                11.2: "You used 1.96, for a two-sided 95 per cent interval."},
         hints=["The quantiles are 1.28 and 0.84.", "(1.28 + 0.84) × 4"],
         explanation="(1.2816 + 0.8416) × 4 = 8.5.",
         objective="Compute the margin that gives a benchmark power", level="apply")

solution("09.11", kind="multiple",
         options=["What was agreed came about.",
                  "Nothing here shows that the dialogue brought it about.",
                  "The dialogue was useless.",
                  "The dialogue brought it about, for the benchmark was met."],
         answer=["What was agreed came about.",
                 "Nothing here shows that the dialogue brought it about."],
         wrong={"The dialogue was useless.":
                    "It may have had other uses, or have worked in both countries by example.",
                "The dialogue brought it about, for the benchmark was met.":
                    "The country compared fell as much without one: that is the counterfactual."},
         hints=["A benchmark measures the outcome. What measures the cause?"],
         explanation="A benchmark makes the outcome decidable; the comparison speaks to the cause.",
         objective="Separate reaching a target from causing it", level="evaluate")

solution("09.r1", kind="reflection",
         rubric=["Names an indicator that somebody outside the two governments counts.",
                 "Gives baseline, level and year, and the first year in which it could be failed.",
                 "Says how large the error of the figure is, and what is undecidable because of it.",
                 "Names a country or a time to compare with, and why it is like this one.",
                 "Says who is told the result, and what follows if the benchmark is missed.",
                 "Chooses an indicator of acceptance (phase 4), not of a gesture (phase 3)."],
         objective="Design a benchmark that could be failed", level="create")
