"""Exercises of notebook 02: Compared with whom? Two comparison groups."""

from helpers.exercises import solution

solution("02.1", kind="number", answer=37.1, tolerance=0.06, unit="points", decimals=1,
         wrong={37.0: "One decimal, please: subtract the shares first, then round.",
                0.4: "That is a share; the question asks for percentage points.",
                70.8: "That is the relative difference, 17/19 over 11/21, less one.",
                45.7: "That is the gap to the 233 women of the second comparison group."},
         hints=["17 / 19 and 11 / 21, in per cent.", "89.47 less 52.38."],
         explanation="17/19 - 11/21 = 0.371: 37.1 percentage points.",
         objective="Compute a difference of two shares in percentage points", level="apply")

solution("02.2", kind="choice",
         options=["chosen ← expected success → released", "chosen ← country → released",
                  "chosen → diplomacy → released is a back door, and open", "none"],
         answer="chosen ← expected success → released",
         wrong={"chosen ← country → released": "It runs through country, which is held fixed.",
                "chosen → diplomacy → released is a back door, and open":
                    "It starts with an arrow out of chosen: it is the effect, not a back door.",
                "none": "Tick the three boxes and read the table under the diagram."},
         hints=["Which box has arrows into both, and is not held fixed?"],
         explanation="Officials' expectations were not measured, so nothing here closes it.",
         objective="Find the open back-door path in a diagram", level="analyze")

solution("02.p1", kind="prediction", most=7, truth="2: the pooled t test and Welch's t test",
         entry="number", unit="tests",
         objective="Anticipate how far a verdict depends on the test", level="analyze")

solution("02.3", kind="code", tolerance=1e-5,
         answer="def upper_tail(a, n, b, m):\n    from math import comb\n"
                "    top = range(a, min(n, a + b) + 1)\n"
                "    ways = [comb(a + b, k) * comb(n + m - a - b, n - k) for k in top]\n"
                "    return sum(ways) / comb(n + m, n)",
         tests=[((17, 19, 11, 21), 0.012048), ((3, 9, 4, 7), 0.928322), ((0, 5, 2, 6), 1.0),
                ((4, 4, 0, 4), 0.014286)],
         wrong={0: "For 17/19 and 11/21 it is 0.01205. Does your sum include 17 itself?",
                1: "For 3/9 and 4/7 it is 0.92832. Use a, n, b, m, not 17 and 19.",
                2: "With no outcome in the first group, every deal is as extreme: 1.",
                3: "A clean split of eight into four and four has chance 1/70."},
         hints=["For the two lists: sum comb(28, k) * comb(12, 19 - k) from k = 17, over comb(40, 19).",
                "In the function use a, n, b, m: 28 is a + b, 40 is n + m. k cannot pass n or a + b."],
         explanation="Ways to give k labels to the released, times ways for the rest.",
         objective="Compute an exact tail by counting", level="apply")

solution("02.4", kind="multiple",
         options=["At 5 % every test rejects.",
                  "At 1 % the verdict depends on the test.",
                  "Fisher's p of 0.016 means the campaign works with probability 0.984.",
                  "The Newcombe 99 % interval shows that there is no effect."],
         answer=["At 5 % every test rejects.", "At 1 % the verdict depends on the test."],
         wrong={"Fisher's p of 0.016 means the campaign works with probability 0.984.":
                    "p is a chance of data given no difference, not of a claim given data.",
                "The Newcombe 99 % interval shows that there is no effect.":
                    "It takes in zero, and 60 points too: it does not decide.",
                "At 5 % every test rejects.": "Set the line to 5 % and read the sentence."},
         hints=["Two statements are about the panel; two are about the meaning of p."],
         explanation="The claim at 5 % is safe from the choice of test; that at 1 % is not.",
         objective="Say what a p value and an interval do and do not show", level="analyze")

solution("02.5", kind="number", between=[0, 40], answer=2, tolerance=0.01,
         unit="outcomes", decimals=0,
         wrong={1: "16/19 against 11/21 gives 0.0455, and 17/19 against 12/21 gives 0.034.",
                3: "Three is too many: 15/19 against 11/21 already gives 0.105.",
                0: "As printed p is 0.016: significant at 5 %."},
         hints=["Set test and line, then read the second half of the sentence.",
                "Check both ways: fewer releases on one list, more on the other."],
         explanation="Two: 15/19 v 11/21, 16/19 v 12/21 and 17/19 v 13/21 all pass 0.05.",
         objective="Measure the fragility of a verdict", level="analyze")

solution("02.6", kind="choice",
         options=["The stricter coding was applied to one list only.",
                  "Fisher's test is too conservative.",
                  "Fourteen is not the number the paper prints.",
                  "A p value of 0.20 proves that the lists do not differ."],
         answer="The stricter coding was applied to one list only.",
         wrong={"Fisher's test is too conservative.":
                    "Every test in the panel gives more than 0.15 here.",
                "Fourteen is not the number the paper prints.":
                    "True, but the reader's point is that the printed number may be wrong.",
                "A p value of 0.20 proves that the lists do not differ.":
                    "It proves nothing of the kind, and it would support the reader."},
         hints=["What would coding A do to the eleven?"],
         explanation="Some of the eleven may lack a dated exit, too; we have no record of them.",
         objective="Ask for the same rule on both sides of a comparison", level="evaluate")

solution("02.p2", kind="prediction", truth="39 % of simulated lists",
         entry="number", unit="%",
         objective="Judge how much selection a gap needs", level="evaluate")

solution("02.7", kind="number", answer=0.62, tolerance=0.006, unit="standard deviations",
         decimals=2,
         wrong={0.32: "That is one standard error; multiply by 1.96.",
                0.31: "That is 1.96 over the root of 40; add 1/19 and 1/21 instead.",
                0.20: "You squared where a root is due: 1.96 times 1/19 + 1/21.",
                0.1: "That is a usual rule of thumb for good balance, not a test."},
         hints=["1/19 + 1/21 is 0.1003.", "Its square root is 0.317."],
         explanation="1.96 x 0.317 = 0.62: six tenths of a spread can pass unseen.",
         objective="Compute what a balance test can detect", level="apply")

solution("02.8", kind="choice",
         options=["A large imbalance in exactly those features.",
                  "Any selection by expected success.",
                  "Any difference in those features.",
                  "Nothing at all."],
         answer="A large imbalance in exactly those features.",
         wrong={"Any selection by expected success.":
                    "Officials may expect success for reasons that none of these records.",
                "Any difference in those features.":
                    "With 19 and 21, six tenths of a standard deviation can go unnoticed.",
                "Nothing at all.":
                    "Very large imbalances in these features would most likely have shown."},
         hints=["Recorded or not? Large or small? Both matter."],
         explanation="No sign of a difference is not a sign of no difference.",
         objective="Judge what a balance test can rule out", level="evaluate")

solution("02.9", kind="ordering",
         answer=["find Urgent Actions on the target countries", "code names and sex",
                 "keep women", "keep those held two months or longer",
                 "keep those still in prison in 2015"],
         wrong={("keep women", "code names and sex"): "Sex has to be coded before it is used.",
                ("keep those still in prison in 2015", "keep those held two months or longer"):
                    "The restriction to 2015 is model 5's; the two months hold for all models."},
         hints=["Move the step slider from 1 to 7."],
         explanation="Documents, names, women, political prisoners, then model 5's sample.",
         objective="Recall how the second comparison group was made", level="remember")

solution("02.10", kind="number", between=[0, 100], answer=51.2, tolerance=0.06,
         unit="%", decimals=1,
         wrong={55.4: "That is 252 of 455, with the campaign's nineteen.",
                60.0: "That is what the text says of all political prisoners.",
                54.1: "That is 246 of 455, the sample with all concerns known.",
                92.5: "That is 233 of 252; the question is about the 455."},
         hints=["How many of the 252 were not featured?", "233 of 455."],
         explanation="233 / 455 = 0.512.",
         objective="Check one printed number against another", level="apply")

solution("02.p3", kind="prediction", truth="grow: from 46 to 51 points (synthetic rows)",
         options=["shrink", "stay the same", "grow"],
         objective="Anticipate what a sample rule does to a comparison", level="analyze")

solution("02.11", kind="choice",
         options=["It removes short spells, and those are mostly releases in the comparison group.",
                  "It removes campaign rows that were not released.",
                  "Longer detention makes diplomacy more effective.",
                  "It makes the two groups equal in size."],
         answer="It removes short spells, and those are mostly releases in the comparison group.",
         wrong={"It removes campaign rows that were not released.":
                    "At six months all nineteen campaign rows are still there.",
                "Longer detention makes diplomacy more effective.":
                    "Nothing in the rows changes; only who is counted does.",
                "It makes the two groups equal in size.":
                    "It is nineteen against 212; look at the left panel."},
         hints=["Compare the two bars on the left before and after."],
         explanation="A spell is short because it ended in release: the rule looks at the outcome.",
         objective="See that a sample rule can select on the outcome", level="analyze")

solution("02.12", kind="number", answer=80.0, tolerance=0.06, unit="points", decimals=1,
         varies="released_gap_in_prison",
         wrong={45.7: "That is the whole cohort; keep rows with in_prison_2015 equal to 1.",
                0.8: "That is a share; the question asks for points.",
                9.5: "That is the comparison rows' share alone.",
                -80.0: "Campaign minus comparison, please."},
         hints=["Take the share of campaign rows, less that of the others, from the two counts.",
                "cohort[cohort['in_prison_2015'] == 1].groupby('freethe20')['released'].mean()"],
         explanation="17/19 - 13/137 = 0.800. Those released before 2015 are gone.",
         objective="Compute a difference in a restricted sample", level="apply")

solution("02.13", kind="multiple",
         options=["Balance on ticked covariates says nothing on those not recorded.",
                  "A smaller effective sample size means a wider interval, all else equal.",
                  "Exact balance proves that there is no selection.",
                  "The weighted estimate is what the paper would have found."],
         answer=["Balance on ticked covariates says nothing on those not recorded.",
                 "A smaller effective sample size means a wider interval, all else equal."],
         wrong={"Exact balance proves that there is no selection.":
                    "Entropy balancing is exact by construction; look at the year of arrest.",
                "The weighted estimate is what the paper would have found.":
                    "These rows are invented; their covariates are jointly arbitrary."},
         hints=["Which statements would hold on any data?"],
         explanation="The other two take a picture of invented or recorded things for the world.",
         objective="Judge what balance can and cannot show", level="evaluate")

solution("02.14", kind="reflection",
         rubric=["states a comparison with both numbers, and with whom it compares",
                 "names a choice (test, coding, sample rule) and how the answer moves with it",
                 "says how strong selection would have to be, in words an official can judge",
                 "keeps apart what is printed, what is on the public record and what is synthetic",
                 "names evidence that could tell effect from selection"],
         objective="Report a comparison with its limits to a lay reader", level="create")
