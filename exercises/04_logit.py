"""Exercises of notebook 04: Ever released: reading a table of coefficients."""

from helpers.exercises import solution

solution("04.p1", kind="prediction",
         options=["a logit, as the text says", "a probit", "a binomial model without a curve",
                  "least squares", "it cannot be told from print"],
         objective="Commit to a family before comparing digits", level="analyze")

solution("04.1", kind="number", answer=10.9, tolerance=0.1, unit="", decimals=1,
         wrong={1.58: "That is the exponential of 0.457, not a ratio of these odds: 17/2 over 102/131.",
                2.39: "That is the log odds ratio, the logit's coefficient; take its exponential.",
                2.04: "That is the ratio of the shares, 0.895 / 0.438: a risk ratio.",
                0.457: "That is the difference of the two shares.",
                45.7: "That is the difference of the two shares, in percentage points.",
                0.092: "That is the odds outside over the odds inside; turn it round.",
                8.5: "That is the odds inside the campaign, 17 to 2; divide by the odds outside."},
         hints=["Odds are released : not released. Inside they are 17 : 2.",
                "(17 / 2) / (102 / 131)"],
         explanation="8.5 / 0.779 = 10.9.",
         objective="Compute an odds ratio from four counts", level="apply")

solution("04.2", kind="choice",
         options=["a logit", "a linear probability model", "a probit", "either of the first two"],
         answer="a linear probability model",
         wrong={"a logit": "Then #Freethe20 would be 2.390 and the AIC 336.175; neither is printed.",
                "a probit": "Then #Freethe20 would be 1.409; no digit agrees.",
                "either of the first two": "Six numbers of six agree with one, none with the other."},
         hints=["Go through the suspects and count the green circles."],
         explanation="Coefficient, errors, constant and AIC all have least squares' digits.",
         objective="Identify a model family from printed digits", level="evaluate")

solution("04.3", kind="number", answer=0.459, tolerance=0.001, unit="", decimals=3,
         wrong={4.75: "That is the information, 19 / 4; take one over its square root.",
                0.211: "That is one over the information; take the square root.",
                0.759: "That is the error with 17 of 19 released; ask for the best case.",
                0.229: "You forgot the quarter: 1 / sqrt(19) is for an information of 19.",
                0.115: "That is 1 / sqrt(19 * 4); the information is 19 / 4."},
         hints=["1 / sqrt(19 * 0.5 * 0.5)"],
         explanation="2 / sqrt(19) = 0.459. The five printed errors are 0.090 to 0.127.",
         objective="Bound a logit's standard error by the size of a group", level="apply")

solution("04.4", kind="code",
         answer="def shifted(share, ratio):\n    odds = share / (1 - share) * ratio\n"
                "    return odds / (1 + odds)",
         tests=[((0.5, 1), 0.5), ((0.5, 3), 0.75), ((0.4378, 1.58), 0.551656),
                ((0.4378, 10.917), 0.894747), ((0.2, 0.5), 0.111111)],
         tolerance=1e-4,
         wrong={0: "With a ratio of 1 nothing should change; start from share / (1 - share).",
                1: "Odds of 1 times 3 are 3 to 1, a share of 0.75; did you turn odds back?",
                2: "Multiply the odds, not the share: 0.4378 * 1.58 is not a share's odds."},
         hints=["odds = share / (1 - share)", "share = odds / (1 + odds)"],
         explanation="44 % with odds times 1.58 is 55 %; times 10.9 it is 89 %.",
         objective="Turn an odds ratio into a probability", level="apply")

solution("04.5", kind="ordering",
         answer=["difference in probability", "exponential of that difference", "risk ratio",
                 "log odds ratio", "odds ratio"],
         wrong={("odds ratio", "risk ratio"):
                    "When release is common, odds ratios lie further from 1 than risk ratios.",
                ("odds ratio", "log odds ratio"): "The odds ratio is the exponential: 10.9.",
                ("risk ratio", "exponential of that difference"): "0.895 / 0.438 is 2.04."},
         hints=["0.457, then its exponential; the odds ratio comes last."],
         explanation="0.457, 1.58, 2.04, 2.39, 10.9.",
         objective="Tell five measures of one association apart", level="understand")

solution("04.6", kind="choice",
         options=["The odds of release were more than twice as high.",
                  "Release was 74 percentage points more frequent, other terms held fixed.",
                  "Women in the campaign were 74 per cent more likely to be released.",
                  "Each year in the campaign adds 74 points."],
         answer="Release was 74 percentage points more frequent, other terms held fixed.",
         wrong={"The odds of release were more than twice as high.":
                    "That is exp(0.744) = 2.10, the exponential of a difference of probabilities.",
                "Women in the campaign were 74 per cent more likely to be released.":
                    "Points are not per cent: from 10 to 84 is 74 points and 740 per cent.",
                "Each year in the campaign adds 74 points.":
                    "The covariate is 0 or 1; nothing is measured in years."},
         hints=["The coefficient of a linear probability model is a difference of shares."],
         explanation="A linear coefficient on a 0/1 outcome is a difference in probability.",
         objective="State a linear probability coefficient in words", level="evaluate")

solution("04.p2", kind="prediction", most=156, entry="number", unit="women",
         objective="Guess how often a linear model leaves 0 to 1", level="analyze")

solution("04.7", kind="number", answer=1.229, tolerance=0.001, unit="", decimals=3,
         wrong={1.176: "You left out the constant, 0.053.",
                0.485: "You left out #Freethe20, 0.744.",
                1.055: "You left out the Middle East, 0.174.",
                3.418: "No exponential: the model is linear, so the sum is the probability.",
                0.774: "That is the logit's curve applied to the sum; this model has no curve.",
                1.0: "You stopped at the largest probability there is; the model does not."},
         hints=["Add the constant and the four terms that are 1."],
         explanation="0.053 + 0.744 + 0.017 + 0.241 + 0.174 = 1.229.",
         objective="Compute a fitted value from printed coefficients", level="apply")

solution("04.8", kind="choice",
         only_shipped=True,
         options=["The effect of the campaign is infinitely large.",
                  "The data set no upper limit to the log odds ratio; every larger value fits better.",
                  "The program has a fault.",
                  "There is no association in these rows."],
         answer="The data set no upper limit to the log odds ratio; every larger value fits better.",
         wrong={"The effect of the campaign is infinitely large.":
                    "The estimate has no limit because the rows are few and sorted, not the effect.",
                "The program has a fault.":
                    "It tested for separation before fitting; a program that did not would invent one.",
                "There is no association in these rows.":
                    "On the contrary: the association is so clean that no odds ratio is too large."},
         hints=["Which cells of the table above are 0?"],
         explanation="A profile interval has a lower limit but, without a penalty, no upper one.",
         objective="Explain separation", level="understand")

solution("04.9", kind="choice",
         only_shipped=True,
         options=["HC3 in place of classical errors", "a term for each country",
                  "another coding of regions", "another treatment of missing codes"],
         answer="another coding of regions",
         wrong={"HC3 in place of classical errors":
                    "Errors change the interval; the estimate stays at 51.5 points.",
                "a term for each country": "It moves from 51.5 to 52.7 points.",
                "another treatment of missing codes":
                    "None-or-all fillings run from 48.9 to 51.9; even mixtures, 46.6 to 56.9, move "
                    "it less than the regions do."},
         hints=["Set Regions to 'both' and read the sentence."],
         explanation="With both recodings it falls by 5.8 points, to 45.7; Egypt alone by 4.2. The "
                     "paper does not print which country it counts where.",
         objective="Find the analytic choice that matters", level="analyze")

solution("04.p3", kind="prediction",
         truth="no, it will refuse: the robustness value is for linear models only",
         options=["yes, with the same shares", "yes, with other shares", "no, it will refuse"],
         objective="Anticipate where a closed form stops", level="analyze")

solution("04.10", kind="number", answer=4, tolerance=0.01, unit="times", decimals=0,
         only_shipped=True,
         wrong={3: "At three times, 24.5 points are left and the interval excludes zero.",
                49: "That is the robustness value in per cent, not a multiple.",
                10: "That is more than can be; the panel refuses it. Go down.",
                5: "There nothing is left, but less is enough."},
         hints=["Choose model 5 and legal concerns; raise 'times' until the sign turns."],
         explanation="At four times the adjusted effect is -3.6 points. Already at 3.5 times, 11.7 "
                     "are left with an interval that includes zero (-7.2 to +30.6).",
         objective="Use a benchmark to judge hidden confounding", level="apply")

solution("04.11", kind="number", answer=3.50, tolerance=0.02, unit="", decimals=2,
         wrong={2.04: "That is the risk ratio itself.",
                6.06: "That starts from the square root of the odds ratio.",
                21.32: "That takes the odds ratio, 10.9, for a risk ratio; release is not rare.",
                2.54: "That is the E-value of 1.58, which is neither a risk nor an odds ratio.",
                2.42: "That is the E-value of the lower (score) limit, 1.53.",
                2.69: "That is the E-value of the lower limit of a log interval, 1.65."},
         hints=["R = (17 / 19) / (102 / 233)", "R + sqrt(R * (R - 1))"],
         explanation="2.04 + sqrt(2.04 * 1.04) = 3.50.",
         objective="Compute an E-value", level="apply")

solution("04.12", kind="multiple",
         options=["A robustness value of 23 % does not say how likely such a confounder is.",
                  "A large E-value proves that there is no confounding.",
                  "A benchmark is only as good as the covariate it is measured by.",
                  "The robustness value of the logit is that of the linear model."],
         answer=["A robustness value of 23 % does not say how likely such a confounder is.",
                 "A benchmark is only as good as the covariate it is measured by."],
         wrong={"A large E-value proves that there is no confounding.":
                    "It says how strong one must be; the world decides whether there is one.",
                "The robustness value of the logit is that of the linear model.":
                    "The logit has none: its coefficient changes without any confounding."},
         hints=["Two say what the numbers do not tell."],
         explanation="Sensitivity analysis sets a price; it does not say who can pay.",
         objective="State what a sensitivity analysis shows and does not", level="evaluate")

solution("04.p4", kind="prediction",
         options=["women in the campaign", "women outside it", "equally often"],
         objective="Anticipate how a horizon changes a comparison", level="analyze")

solution("04.13", kind="choice",
         options=["The campaign made early release less likely.",
                  "To be chosen in 2015, a woman must not have been released before.",
                  "Women outside the campaign were followed for longer.",
                  "Nineteen women are too few to say anything."],
         answer="To be chosen in 2015, a woman must not have been released before.",
         wrong={"The campaign made early release less likely.":
                    "Most of those months were over before the campaign began.",
                "Women outside the campaign were followed for longer.":
                    "True, but it would matter at late horizons, not at the first year.",
                "Nineteen women are too few to say anything.":
                    "True of chance: a fair interval, -18 to +16, includes zero. But no sample size "
                    "would mend this; look for a reason built into the choice."},
         hints=["What do we know about a campaign woman on the day before the launch?"],
         explanation="Her months before the launch are immortal: notebook 03 repairs that.",
         objective="Recognise immortal time in a binary outcome", level="analyze")

solution("04.r1", kind="reflection",
         rubric=["states a difference in probability in points, not odds of 'twice'",
                 "gives an interval or says how few the campaign women are",
                 "names one reason: selection by officials, separation, region coding or follow-up",
                 "does not say that the campaign caused the releases"],
         objective="Report a contested estimate honestly", level="create")
