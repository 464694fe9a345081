"""Exercises of notebook 11: The paper on trial: which claims hold, and what rests on them."""

from helpers.exercises import solution

solution("11.p1", kind="prediction", most=110, truth=9, entry="number", unit="claims", decimals=0,
         objective="Expect how often a careful paper contradicts itself", level="evaluate")

solution("11.1", kind="number", between=[0, 100], answer=47.2, tolerance=0.1, unit="%", decimals=1,
         wrong={43.8: "That is the share outside the campaign: the number the paper calls overall.",
                89.5: "That is the share inside the campaign.",
                66.6: "That is the mean of the two shares; the groups are not of one size."},
         hints=["Add the released of both groups, and the women of both."],
         explanation="119 of 252. The sentence is imprecise: 44 is the comparison, not the whole.",
         objective="Recompute a share from two groups", level="apply")

solution("11.2", kind="ordering",
         answer=["the stars of Table 4", "the day Leyla Yunus left prison",
                 "the log-rank test of the two lists"],
         wrong={("the day Leyla Yunus left prison", "the stars of Table 4"):
                    "Stars follow from the printed estimate and standard error; a day needs a page "
                    "outside the paper.",
                ("the log-rank test of the two lists", "the day Leyla Yunus left prison"):
                    "Newspapers dated the day; the test needs dates that only the authors have."},
         hints=["Which of the three needs nothing but the page?"],
         explanation="Print, then the public record, then the authors' own rows.",
         objective="Say what would settle a claim", level="analyze")

solution("11.3", kind="multiple",
         options=["The effect is large in odds: one and a half times, and more.",
                  "In Vietnam trade talks freed one woman, and their end kept another in prison.",
                  "The campaign's women were released more often than others.",
                  "They were released four to eight times as fast.",
                  "Publicity opened a deadlock inside the sender's own government."],
         answer=["The effect is large in odds: one and a half times, and more.",
                 "In Vietnam trade talks freed one woman, and their end kept another in prison."],
         wrong={"The campaign's women were released more often than others.":
                    "Seventeen of nineteen against others stands on counts that no contradiction "
                    "touches.",
                "They were released four to eight times as fast.":
                    "Four to eight is imprecise, not contradicted: strike that too and look again.",
                "Publicity opened a deadlock inside the sender's own government.":
                    "Weakly supported is not contradicted."},
         hints=["Set Strike to what the paper contradicts itself, the other to no other."],
         explanation="The odds go with the reading of Table 3; Vietnam's goes by one date that our "
                     "reading calls needed. Would you call it so?",
         objective="Trace a conclusion to its claims", level="evaluate")

solution("11.4", kind="number", answer=0.782, tolerance=0.002, decimals=3,
         wrong={0.732: "That is the scale as printed; the bound comes from the standard error.",
                2.243: "That is sqrt(1/21 + 1/9) in the denominator turned round: divide by it.",
                0.124: "You multiplied by the root; divide by it.",
                1.279: "That is the smallest shape; the scale is its reciprocal."},
         hints=['scale_bound("-1.267", "0.311", 9, 21)'],
         explanation="0.3115 / sqrt(1/9 + 1/21) = 0.782; the printed 0.732 lies under it, as it "
                     "must.",
         objective="Bound a scale from another printed table", level="apply")

solution("11.5", kind="choice",
         options=["log odds", "difference in probability", "ratio of odds", "log months"],
         answer="log odds",
         wrong={"difference in probability":
                    "189/11,034 - 104/11,037 is 0.0077: far from 0.605.",
                "ratio of odds": "The ratio of the odds is 1.83; what is its logarithm?",
                "log months": "No time is counted in this table."},
         hints=["Compute the odds on each side, divide, and take the logarithm.",
                "The error of a log odds ratio is the root of the sum of four reciprocals."],
         explanation="ln 1.832 = 0.605, and sqrt(1/104 + 1/10,933 + 1/189 + 1/10,845) = 0.123.",
         objective="Tell a family from its digits", level="analyze")

solution("11.6", kind="number", between=[0, 19], answer=13, tolerance=0, unit="women", decimals=0,
         wrong={17: "That is before anything is taken out.",
                15: "You took out one of the two manners only.",
                11: "Unknown and uncounted women were never among the seventeen."},
         hints=["Choose coding C, tick the two manners, and read the first number."],
         explanation="Two left by an exchange, two at the end of a term: 17 - 4.",
         objective="Bound what can be credited", level="apply")

solution("11.7", kind="number", answer=5, tolerance=0, unit="women", decimals=0,
         wrong={4: "At four the lower end is still at 2 points.",
                10: "Earlier: watch the left end of the lowest bar.",
                3: "At three the lower end is at 7 points."},
         hints=["Set the two sliders of the short list first, then raise the one of the rest."],
         explanation="14/19 against 16/21: with five unknown the worst case is below zero.",
         objective="Read worst-case bounds", level="evaluate")

solution("11.8", kind="choice",
         options=["Part of its coefficient comes from how the rows were chosen and coded, and the "
                  "design cannot say how large a part.",
                  "The campaign worked before it was launched.",
                  "The campaign has no effect.",
                  "Nothing: the rows are invented."],
         answer="Part of its coefficient comes from how the rows were chosen and coded, and the "
                "design cannot say how large a part.",
         wrong={"The campaign worked before it was launched.":
                    "A cause does not come after its effect.",
                "The campaign has no effect.":
                    "A design that shows something where nothing was done cannot show that either.",
                "Nothing: the rows are invented.":
                    "They give the printed tables; what the design does to them it can do to "
                    "others."},
         hints=["Who can be in the campaign's group of an earlier year? How many of them are out "
                "at the end?"],
         explanation="A placebo that fires indicts the design, not the campaign.",
         objective="Read a placebo test", level="evaluate")

solution("11.9", kind="number", answer=15, tolerance=0, unit="times", decimals=0,
         wrong={14: "At 14 it is still at 51 per cent.",
                2: "Belief falls to 88 per cent only.",
                20: "It suffices, but a smaller one does too."},
         hints=["Move the slider until the sentence says less than 50 per cent."],
         explanation="At 15 it is 49 per cent: even one strong voice does not settle it, and one "
                     "that nobody asked could unsettle it.",
         objective="Weigh a voice that was not heard", level="evaluate")

solution("11.r1", kind="reflection",
         rubric=["states fairly what the paper shows",
                 "names at most three points, each by claim and with what would settle it",
                 "keeps fault in print apart from fault in the data",
                 "says what is good"],
         objective="Write a referee's report", level="create")
