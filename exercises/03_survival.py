"""Exercises of notebook 03: How soon? Time to release, and the clock that measures it."""

from helpers.exercises import solution

solution("03.1", kind="number", between=[0, 1], answer=0.381, tolerance=0.001, unit="", decimals=3,
         wrong={0.429: "You left Matlyuba Kamilova in the risk set beyond month 4.9.",
                0.571: "That is the estimate just before this release.",
                0.200: "That is with the two censored women left out altogether.",
                0.667: "That is the factor of this step; multiply it into the estimate before."},
         hints=["Before it the estimate is 6/7 x 5/6 x 4/5 = 4/7.",
                "Three women are still held and still seen at that moment."],
         explanation="4/7 x (1 - 1/3) = 8/21 = 0.381.",
         objective="Update a product-limit estimate after a censored time", level="apply")

solution("03.2", kind="choice",
         options=["Kept mostly the short spells, so the curve falls too fast.",
                  "Nothing serious: unknown rows carry no information.",
                  "Kept mostly the long spells, so the curve falls too slowly."],
         answer="Kept mostly the short spells, so the curve falls too fast.",
         wrong={"Nothing serious: unknown rows carry no information.":
                    "They carry a lower bound: held at least so long, and that is information.",
                "Kept mostly the long spells, so the curve falls too slowly.":
                    "Who is censored? Those not yet released; it is they whom she drops."},
         hints=["Set the second control to 'left out' and look at the grey trace."],
         explanation="Long spells are the ones cut off by the end of the study.",
         objective="Say what dropping censored rows does", level="understand")

solution("03.3", kind="choice",
         options=["It takes invented days for seen ones and leaves out what we do not know.",
                  "It is too wide, because the middle is only a guess.",
                  "Nothing: the middle is right on average."],
         answer="It takes invented days for seen ones and leaves out what we do not know.",
         wrong={"It is too wide, because the middle is only a guess.":
                    "A guess taken for a fact makes an interval too narrow.",
                "Nothing: the middle is right on average.":
                    "Even then the interval would count the guess as a sighting."},
         hints=["What would the formula do if the same days had been read in a newspaper?"],
         explanation="The formula cannot tell a filled-in day from a reported one.",
         objective="Separate sampling error from dating error", level="analyze")

solution("03.p1", kind="prediction",
         options=["clearly less", "about the same", "clearly more"],
         objective="Guess a restricted mean before seeing the curve", level="analyze")

solution("03.4", kind="code",
         answer="def share_held(months, released, when):\n    s = 1.0\n"
                "    for t in sorted(m for m in set(months) if m <= when):\n"
                "        d = sum(m == t and r == 1 for m, r in zip(months, released))\n"
                "        s *= 1 - d / sum(m >= t for m in months)\n    return s",
         tests=[(([1, 2, 3, 4], [1, 1, 1, 1], 2.5), 0.5), (([5, 6], [1, 1], 1), 1.0),
                (([1, 2, 3], [1, 0, 1], 3), 0.0), (([2, 2, 3, 4], [1, 1, 1, 0], 2), 0.5),
                (([3, 3, 5], [1, 0, 1], 4), 0.666667)], tolerance=1e-6,
         wrong={0: "Four are released one after the other: after the second, half are held.",
                1: "Before the first release everybody is held.",
                2: "Two are at risk at month 1 and beyond; the last alone at month 3.",
                3: "Two leave in the same month: multiply once, by 1 - 2/4.",
                4: "She who is censored at month 3 is still at risk in it: 1 - 1/3."},
         hints=["Loop over distinct months up to `when`; n: months >= t; d: released at t."],
         objective="Write the product-limit estimate", level="create")

solution("03.5", kind="number", between=[-30, 30], answer=16.8, tolerance=0.1,
         unit="months", decimals=1,
         varies="months_less_from_launch",
         wrong={0.7: "That is with the clock from arrest.",
                -0.7: "That is with the clock from arrest.",
                11.2: "That is the campaign women's own mean; subtract it from the others'.",
                28.0: "That is the others' own mean; subtract the campaign women's from it."},
         hints=["Curves by campaign or not, clock from launch; read the last sentence below."],
         explanation="28.0 - 11.2 = 16.8 months of the first 30.",
         objective="Read a restricted mean difference", level="apply")

solution("03.p2", kind="prediction",
         options=["closer to zero", "much the same", "farther from zero"],
         objective="Predict the direction of a bias", level="analyze")

solution("03.6", kind="text",
         answer=["delayed entry", "left truncation", "left-truncation", "late entry",
                 "left truncated", "delayed entry (left truncation)"],
         wrong={"left censoring": "Left-censored is one whose event came before an unknown moment "
                                  "that we do see; here those who left before are never seen.",
                "right censoring": "That is what happens at the other end of a spell.",
                "immortal time": "That is the error; the question is the repair.",
                "interval censoring": "That is when the event lies between two dates."},
         hints=["She enters late."],
         explanation="Delayed entry, also called left truncation.",
         objective="Name the remedy for women seen late", level="remember")

solution("03.7", kind="choice",
         options=["That the choice did about nothing, or slightly slowed release.",
                  "That the choice made release about four times as fast.",
                  "That the choice made release far more than four times as fast."],
         answer="That the choice did about nothing, or slightly slowed release.",
         wrong={"That the choice made release about four times as fast.":
                    "That is the truth; look where the first histogram stands.",
                "That the choice made release far more than four times as fast.":
                    "The bias runs the other way: months that cannot end make a group look slow."},
         hints=["Set the true effect to ratio 4 and read the first median."],
         explanation="The median estimate is 0.87: immortal months hide a fourfold effect.",
         objective="Reason from a known truth to a biased estimate", level="analyze")

solution("03.8", kind="number", answer=16.9, tolerance=0.1, unit="times", decimals=1,
         wrong={0.059: "That is the ratio the other way round; take exp of plus 2.825.",
                0.06: "That is the ratio the other way round; take exp of plus 2.825.",
                2.8: "That is the coefficient; it acts on the log of time.",
                17.7: "That is from the synthetic cohort (2.871), not from the printed table.",
                7.1: "That is model 4.", 12.5: "That is a hazard ratio on the synthetic cohort."},
         hints=["The printed coefficient is -2.825.", "exp(2.825)"],
         explanation="exp(2.825) = 16.9, with a 95 % interval from 4.5 to 63.",
         objective="Turn a printed coefficient into a time ratio", level="apply")

solution("03.9", kind="code",
         answer="import math\n\ndef hazard_ratio(beta, sigma):\n"
                "    return math.exp(-beta / sigma)",
         tests=[((0.0, 1.5), 1.0), ((-2.0, 1.0), 7.389056), ((-2.0, 2.0), 2.718282),
                ((1.0, 0.5), 0.135335)],
         tolerance=1e-5,
         wrong={0: "No effect on time is a hazard ratio of 1.",
                1: "With scale 1, a coefficient of -2 means exp(2) times the hazard.",
                2: "Divide by the scale before taking the exponential.",
                3: "A longer time is a smaller hazard: mind the sign."},
         hints=["Sooner in time is higher in hazard, so the sign turns."],
         explanation="exp(-beta / sigma); the paper does not print sigma, but print bounds it in "
                     "model 1 (03.12).",
         objective="Convert between time ratio and hazard ratio", level="apply")

solution("03.12", kind="number", answer=1.876, tolerance=0.0025, unit="", decimals=3,
         wrong={1.827: "That is the scale in the synthetic rows, not the bound from print.",
                2.024: "That leaves out the 102: it is 0.491 times the root of 17.",
                7.155: "You divided by the sum 1/17 + 1/102; divide by its root.",
                0.533: "That is one over it, the least shape.",
                0.129: "Divide by the root, do not multiply."},
         hints=["1/17 + 1/102 is 0.0686; its root is 0.262.", "0.4915 / 0.26196"],
         explanation="0.4915 / 0.262 = 1.876, so the shape is at least 0.533 and the hazard ratio of "
                     "model 1 at least exp(2.0735 / 1.876) = 3.02 (R1).",
         objective="Bound a number that is not printed by numbers that are", level="apply")

solution("03.10", kind="multiple",
         options=["It follows from the printed coefficients of models 1 and 2.",
                  "It covers all four models that count months since arrest.",
                  "It is a ratio of times, not of chances of release.",
                  "It means that four to eight times as many campaign women were released.",
                  "As an average it needs a part of the curve that nobody was followed into."],
         answer=["It follows from the printed coefficients of models 1 and 2.",
                 "It is a ratio of times, not of chances of release.",
                 "As an average it needs a part of the curve that nobody was followed into."],
         wrong={"It covers all four models that count months since arrest.": "Model 3 gives 9.8.",
                "It means that four to eight times as many campaign women were released.":
                    "89 and 44 per cent were; the coefficient is about time, not about shares."},
         hints=["Recompute exp(-coefficient) for each model."],
         explanation="4.6 (model 2) to 8.0 (model 1), of time. Medians are seen; means are not.",
         objective="Judge a verbal reading of a coefficient", level="evaluate")

solution("03.11", kind="multiple",
         options=["Let the risk sets start at the launch, and test again.",
                  "Let the campaign's effect change with time, or report restricted means.",
                  "Use a Weibull model, which does not assume proportional hazards.",
                  "Use a log-logistic model and report a time ratio.",
                  "Ignore the test, since the coefficient is significant."],
         answer=["Let the risk sets start at the launch, and test again.",
                 "Let the campaign's effect change with time, or report restricted means.",
                 "Use a log-logistic model and report a time ratio."],
         wrong={"Use a Weibull model, which does not assume proportional hazards.":
                    "With one shape it does: exp(-beta / sigma) has no time in it.",
                "Ignore the test, since the coefficient is significant.":
                    "A significant average of a changing effect may describe no month."},
         hints=["Write down the Weibull hazard for two values of x and divide."],
         objective="Choose a sound response to non-proportional hazards", level="evaluate")

solution("03.r1", kind="reflection",
         rubric=["names a model, and says which clock it uses",
                 "gives the number with an interval (for model 5: 16.9, from 4.5 to 63)",
                 "says that it is a ratio of times, not of chances",
                 "says what the comparison cannot rule out: immortal months, or chosen cases"],
         objective="Write an honest sentence on a time ratio", level="create")
