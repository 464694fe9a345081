"""Exercises of notebook 10: Every choice at once: how much of the answer is the analyst's?"""

from helpers.exercises import solution

solution("10.1", kind="choice",
         options=["An odds ratio and a time ratio",
                  "Two linear models of release within 24 months, one with regions, one without",
                  "A linear and a logit model, both turned into percentage points by month 24",
                  "Two logit odds ratios of release at any time, with codes filled in two ways"],
         answer="An odds ratio and a time ratio",
         wrong={"Two linear models of release within 24 months, one with regions, one without":
                    "Both estimate a difference in the same probability.",
                "A linear and a logit model, both turned into percentage points by month 24":
                    "Turned into points by the same month they answer one question.",
                "Two logit odds ratios of release at any time, with codes filled in two ways":
                    "They differ in the data, not in what is estimated."},
         hints=["Ask of each pair: if both were exactly right, would the two numbers be equal?"],
         explanation="One compares odds of an event, the other the length of time: 3 and 0.3 could "
                     "be the same women.",
         objective="Tell estimands apart", level="understand")

solution("10.2", kind="number", answer=22, tolerance=0, unit="combinations", decimals=0,
         wrong={24: "That keeps two clocks for an outcome that has none: released at any time.",
                21: "The Weibull needs its clock; only linear and logit lose one.",
                16: "Only released at any time loses its clock, not all four outcomes.",
                12: "The other outcomes are counted from the arrest or from the launch."},
         hints=["3 × 4 × 2, then take off what is counted twice.",
                "Which models and which outcome need no clock?"],
         explanation="24 - 2: released at any time is the same on both clocks for the linear "
                     "model and for the logit.",
         objective="Count universes under a constraint", level="apply")

solution("10.p1", kind="prediction", entry="text",
         truth="the result under the panel, once you tick Show the result",
         objective="Fix an analysis before its result is shown", level="evaluate")

solution("10.r1", kind="reflection",
         rubric=["names one choice and a reason for it",
                 "the reason does not refer to a result",
                 "says for which question the other value would be right"],
         objective="Defend an analytic choice before its result is known", level="evaluate")

solution("10.3", kind="choice",
         options=["the outcome: within 12 months", "the sample: in prison at the launch",
                  "the model: logit", "missing codes: taken as every concern"],
         answer="the outcome: within 12 months",
         wrong={"the sample: in prison at the launch":
                    "74 instead of 52 points: far, but not the farthest.",
                "the model: logit": "49 instead of 52 points: hardly anything.",
                "missing codes: taken as every concern":
                    "51 instead of 52 points: six women of 252."},
         hints=["Go back to the start, tick Show the result, and change one control at a time."],
         explanation="From 52 to -7: the campaign's women had to be in prison at the launch, most "
                     "for longer than a year, so few could leave within twelve months of arrest.",
         objective="Find the choice that moves an estimate", level="analyze")

solution("10.4", kind="multiple",
         options=["Nobody with death penalty concerns is released by then, so the model has no "
                  "finite estimate.",
                  "It should be counted and reported with its reason.",
                  "The computer needs more iterations.",
                  "The universe shows that the campaign had no effect.",
                  "A penalized model or one without that term would answer, and is another "
                  "universe."],
         answer=["Nobody with death penalty concerns is released by then, so the model has no "
                 "finite estimate.",
                 "It should be counted and reported with its reason.",
                 "A penalized model or one without that term would answer, and is another "
                 "universe."],
         wrong={"The computer needs more iterations.":
                    "The likelihood rises for ever: no number of steps reaches its top.",
                "The universe shows that the campaign had no effect.":
                    "It shows nothing about the campaign; these rows cannot answer that model."},
         hints=["Open the tab No answer.", "Three of the five are true."],
         explanation="Separation is a property of model and rows together: a result, not a gap.",
         objective="Read a missing estimate as a result", level="analyze")

solution("10.5", kind="choice",
         options=["How much it moves the estimate depends on the other choices.",
                  "It is unimportant, because alone it explains little.",
                  "It explains more than 100 per cent together with the others.",
                  "Its values are measured with error."],
         answer="How much it moves the estimate depends on the other choices.",
         wrong={"It is unimportant, because alone it explains little.":
                    "Averages over opposite directions can hide a large effect.",
                "It explains more than 100 per cent together with the others.":
                    "Totals overlap: an interaction is in the total of each of its choices.",
                "Its values are measured with error.":
                    "A choice is made, not measured."},
         hints=["What is in the triangle and not in the dot?"],
         explanation="The distance between dot and triangle is interaction. Late entry, for "
                     "example, can only matter where the clock starts at the arrest.",
         objective="Read interactions in a division of variance", level="analyze")

solution("10.6", kind="choice",
         options=["The universes share the same rows, so a fault of the rows is in all of them.",
                  "Nothing: each universe is an independent test.",
                  "The share should be above 95 per cent.",
                  "A median is not robust to outliers."],
         answer="The universes share the same rows, so a fault of the rows is in all of them.",
         wrong={"Nothing: each universe is an independent test.":
                    "They are fitted to the same 252 women.",
                "The share should be above 95 per cent.":
                    "No threshold helps: agreement among relatives is no new evidence.",
                "A median is not robust to outliers.": "It is; that is what it is for."},
         hints=["Who chose the twenty, and does any universe know that?"],
         explanation="No universe holds what decided who was chosen. All can be wrong together.",
         objective="Separate robustness to choices from validity", level="evaluate")

solution("10.7", kind="number", answer=0.004, tolerance=0.0002, decimals=3,
         wrong={0.003: "Count the real labels as one of the possible draws: 1 is added above "
                       "and below.",
                0.997: "That is the share of shuffles that do not reach so far."},
         hints=["(1 + as extreme) / (1 + shuffles)"],
         explanation="4/1001 = 0.004: the labels as they are belong to the possible ones.",
         objective="Compute a permutation p value", level="apply")

solution("10.8", kind="choice",
         options=["Among women held at the launch: only they could have been chosen.",
                  "Among all women: more of them give a better test.",
                  "Among the released: the others tell nothing.",
                  "Among the chosen: they alone matter."],
         answer="Among women held at the launch: only they could have been chosen.",
         wrong={"Among all women: more of them give a better test.":
                    "A woman out by 2010 could not be chosen in 2015; labels are not exchangeable "
                    "between her and the others.",
                "Among the released: the others tell nothing.":
                    "The outcome may not decide who is shuffled.",
                "Among the chosen: they alone matter.":
                    "Shuffling one value among those who all have it changes nothing."},
         hints=["Two women are exchangeable if either could have had the label."],
         explanation="A permutation test asks what the lot could have done, so the lot must be "
                     "able to do it.",
         objective="Choose what may be permuted", level="evaluate")

solution("10.9", kind="choice",
         options=["Show both and give the reason for each; the first stays the announced one.",
                  "Report the second only: one learns from data.",
                  "Report the larger of the two.",
                  "Average the two estimates."],
         answer="Show both and give the reason for each; the first stays the announced one.",
         wrong={"Report the second only: one learns from data.":
                    "One does, but a reader must know that the result was seen first.",
                "Report the larger of the two.": "That is how a curve loses its lower half.",
                "Average the two estimates.":
                    "They may not estimate the same thing, and it hides the change."},
         hints=["What would a reader want to know?"],
         explanation="A change after seeing is no sin; a silent one is.",
         objective="Deal openly with a changed analysis", level="evaluate")

solution("10.r2", kind="reflection",
         rubric=["names the estimand and the month",
                 "gives the range and the middle, and the number without an answer",
                 "says which choice moves the estimate and why",
                 "says that the rows are invented, or whose they are"],
         objective="Report a multiverse in a paragraph", level="create")
