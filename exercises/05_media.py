"""Exercises of notebook 05: Did the world look, and for how long? A panel of attention."""

from helpers.exercises import solution

solution("05.p1", kind="prediction",
         truth="29 % of the invented person-months; the paper does not print it",
         entry="number", unit="%",
         objective="Picture a count with a median of one", level="understand")

solution("05.1", kind="multiple",
         options=["the rise of articles in September 2015, in per cent",
                  "the median number of articles a month",
                  "the standard error of September", "the number of women with search data"],
         answer=["the rise of articles in September 2015, in per cent",
                 "the median number of articles a month"],
         wrong={"the standard error of September":
                    "Bars are drawn, but no number is printed; the tables are in the supplement.",
                "the number of women with search data":
                    "Only that women with enough data are used."},
         hints=["The left column of the table in section 1."],
         explanation="Two magnitudes and a median; everything else on Figure 4 is a picture.",
         objective="Separate what is printed from what is drawn", level="remember")

solution("05.2", kind="code", tolerance=1e-6,
         answer="def within_transformation(y, person):\n    means = {p: sum(v for v, q in zip(y, person) if q == p) / person.count(p) for p in person}\n    return [v - means[p] for v, p in zip(y, person)]",
         tests=[(([1, 3, 2, 6], ["a", "a", "b", "b"]), [-1, 1, -2, 2]),
                (([5, 1, 0], ["a", "b", "b"]), [0, 0.5, -0.5]),
                (([1, 2, 3, 10], ["a", "b", "a", "b"]), [-1, -4, 1, 4])],
         wrong={0: "Subtract from each number the mean of its own label: 1 and 3 become -1 and 1.",
                1: "A label that occurs once becomes 0, and its number must not touch the others.",
                2: "The labels need not be in blocks: find the rows of each label first."},
         hints=["Compute one mean for each label, then subtract.",
                "In pandas: s - s.groupby(labels).transform('mean')."],
         explanation="What is left varies only within a person: levels are gone.",
         objective="Carry out the within transformation", level="apply")

solution("05.3", kind="choice",
         options=["A month's residuals cancel within its year, so the variance is understated.",
                  "Errors within a year are negatively correlated, and clustering uses that.",
                  "There are more years than people, so the estimate is more precise."],
         answer="A month's residuals cancel within its year, so the variance is understated.",
         wrong={"Errors within a year are negatively correlated, and clustering uses that.":
                    "The sums are zero for any data: it is the normal equation, not a correlation.",
                "There are more years than people, so the estimate is more precise.":
                    "There are six years and nineteen people; few clusters make errors worse."},
         hints=["Look at the six sums printed above."],
         explanation="Each period dummy fits its own period's mean, so its score is zero.",
         objective="Recognise a degenerate clustered variance", level="analyze")

solution("05.4", kind="choice",
         options=["the scale: y itself", "effects: country + year",
                  "errors: clustered by person", "leaving out the two freed in September"],
         answer="the scale: y itself",
         wrong={"effects: country + year": "September moves from 0.433 to 0.427 only.",
                "errors: clustered by person": "The bars get a little shorter here, not longer.",
                "leaving out the two freed in September": "September grows, to 0.588."},
         hints=["Read the verdicts in the sentence under the chart after each change."],
         explanation="In plain counts a few well-known people carry all the noise.",
         objective="Find which choice a result rests on", level="analyze")

solution("05.5", kind="choice",
         options=["Nothing: they have no October or November in the data.",
                  "That attention to them fell after their release.",
                  "That they were freed without sustained attention."],
         answer="Nothing: they have no October or November in the data.",
         wrong={"That attention to them fell after their release.":
                    "After the release they are not observed at all.",
                "That they were freed without sustained attention.":
                    "They were freed inside the month of the rise; the panel ends there."},
         hints=["When does a person leave the panel?"],
         explanation="Exit ends observation, and those with a success leave first.",
         objective="See how exit from a panel limits a claim", level="analyze")

solution("05.6", kind="number", answer=64.9, tolerance=0.1, unit="%", decimals=1,
         wrong={50.0: "That reads the coefficient itself as a percentage; take exp first.",
                40.5: "You took ln(1.5): the other way round.",
                164.9: "That is the ratio in per cent; subtract 100."},
         hints=["exp(0.5) = 1.6487"],
         explanation="exp(0.5) - 1 = 0.649. The paper prints 50 per cent, not the coefficient: "
                     "if 50 per cent was read off a coefficient of 0.5, it should be 65.",
         objective="Turn a log coefficient into per cent", level="apply")

solution("05.7", kind="code", tolerance=1e-4,
         answer="import math\ndef articles_after(b, y):\n    return (1 + y) * math.exp(b) - 1",
         tests=[((0.405465, 1), 2.0), ((0.0, 7), 7.0), ((0.693147, 0), 1.0), ((0.405465, 10), 15.5)],
         wrong={0: "For b = ln 1.5 and one article: (1 + 1) x 1.5 - 1 = 2. Is it 1 + y that you multiply?",
                1: "A coefficient of 0 must change nothing.",
                2: "From no article, a doubling of 1 + y gives one article.",
                3: "For ten articles: 11 x 1.5 - 1 = 15.5. Did you take off the 1 at the end?"},
         hints=["Undo the steps: add 1, multiply by exp(b), subtract 1."],
         explanation="With a median of one, +50 % of 1 + y is one article more: a doubling of y.",
         objective="Translate a coefficient on ln(1 + y) into counts", level="apply")

solution("05.8", kind="number", between=[0, 36], answer=9, tolerance=0, unit="months", decimals=0,
         wrong={8: "Six are inside for certain then; the next two came on 25 May 2016, month 8.8.",
                1: "Only two releases fall in the first month for certain.",
                7: "Four are inside for certain then.",
                6: "Four are inside for certain then."},
         hints=["Move the first control until the sentence says 8 of 16.",
                "Two women were released on the same day in May 2016."],
         explanation="Eight of sixteen are inside for certain by month nine.",
         objective="Read release dates against a window", level="apply")

solution("05.9", kind="multiple",
         options=["Coverage in the English-language press did not stay visibly higher.",
                  "Most releases came without a visible lasting rise in that press.",
                  "Citizens of the target countries did not hear of the campaign.",
                  "The governments felt no cost to their reputation."],
         answer=["Coverage in the English-language press did not stay visibly higher.",
                 "Most releases came without a visible lasting rise in that press."],
         wrong={"Citizens of the target countries did not hear of the campaign.":
                    "They read Azerbaijani, Vietnamese, Arabic, and not in this archive.",
                "The governments felt no cost to their reputation.":
                    "Cost is not counted in articles; one visit or one meeting may carry it."},
         hints=["Which statements use only what the archive measures?"],
         explanation="Both stay with the measure; the others need evidence in other places. "
                     "Visible matters: the bars of section 2 leave room for a rise not seen.",
         objective="Judge construct validity of a measure", level="evaluate")

solution("05.p2", kind="prediction", most=1000, truth="about 45 % under our builder's assumptions",
         entry="number", unit="%",
         objective="Guess the power of a design before computing it", level="evaluate")

solution("05.10", kind="choice",
         options=["October to December 2015", "October 2015 to September 2018",
                  "2016 to 2018 only", "none of them"],
         answer="October to December 2015",
         wrong={"October 2015 to September 2018":
                    "From 2016 on every month of the year is up, so the year's intercept is up.",
                "2016 to 2018 only": "Just these years have intercepts that take the rise in.",
                "none of them": "Within 2015 some months are up and some are not."},
         hints=["An effect is told only where it varies within a year."],
         explanation="Only 2015 has months of both kinds; later years are up as a whole.",
         objective="Say what identifies an effect under fixed effects", level="analyze")

solution("05.11", kind="number", answer=1.43, tolerance=0.005, unit="", decimals=2,
         wrong={0.36: "That is the effect on the log scale; take exp of it.",
                1.36: "You added 1 to the log effect; take exp instead.",
                1.27: "You used 2 standard errors: that is seen only about half of the time."},
         hints=["2.963 x 0.12 = 0.356", "exp(0.356)"],
         explanation="exp(2.963 x 0.12) = exp(0.3556) = 1.427.",
         objective="Compute a minimum detectable effect", level="apply")

solution("05.r1", kind="reflection",
         rubric=["says what is measured: English-language articles and searches, by month",
                 "names one thing the design would miss (power, exits, language, slow answers)",
                 "separates no evidence of an effect from evidence of no effect",
                 "names evidence that would decide: press in other languages, officials' accounts"],
         objective="Weigh an inference from absence", level="evaluate")
