"""Exercises of notebook 08: Deadlock: a pathway one can play, and what could fool us."""

from helpers.exercises import solution

solution("08.p1", kind="prediction", most=100,
         truth="99 of 100: the step lies between 0.25 and 0.45",
         entry="number", unit="of 100",
         objective="Expect a threshold in a collective decision", level="understand")

solution("08.1", kind="number", between=[0, 100], answer=24.2, tolerance=0.4, unit="%", decimals=1,
         wrong={75.8: "That is the share who do not support it: mind the sign.",
                98.9: "That is a functionalist, with value 0.7 and stake 0.3.",
                3.1: "You left publicity out: 1.4 times 0.25 is 0.35.",
                41.7: "You did not divide by the standard deviation, 0.30.",
                43.4: "You subtracted the stake without its weight, E = 1.2."},
         hints=["The mean of the sum is 0.4 + 0.35 - 0.96.",
                "Divide -0.21 by 0.30, then take the normal share below that."],
         explanation="norm.cdf(-0.21 / 0.30) = 0.242.",
         objective="Compute a chance of support from a threshold rule", level="apply")

solution("08.2", kind="code", answer="""def approval(n_f, n_r, p_f, p_r, needed, floor):
    from math import comb
    chance = lambda k, n, p: comb(n, k) * p**k * (1 - p) ** (n - k)
    return sum(chance(i, n_f, p_f) * chance(j, n_r, p_r)
               for i in range(n_f + 1) for j in range(floor, n_r + 1) if i + j >= needed)
""",
         tests=[((2, 2, 0.5, 0.5, 2, 1), 0.625), ((3, 4, 0.9, 0.1, 3, 0), 0.813983),
                ((1, 3, 0.8, 0.5, 4, 2), 0.1), ((5, 5, 1.0, 0.4, 5, 2), 0.66304)],
         tolerance=1e-5,
         wrong={0: "Two and two, even chances, two needed and one regionalist among them: 10 of 16.",
                1: "With no blocking rule, zero regionalists is fine: begin the sum at floor.",
                2: "Here all four must agree: 0.8 times one half cubed."},
         hints=["Two loops: i functionalists, j regionalists; keep pairs with i + j >= needed."],
         objective="Program an exact chance for a quorum with a veto", level="apply")

solution("08.3", kind="choice",
         options=["It wins people who supported action before; the regional bureau still blocks.",
                  "The quorum can no longer be reached with twenty officials.",
                  "Publicity makes functionalists more cautious.",
                  "Without shared facts nobody supports action."],
         answer="It wins people who supported action before; the regional bureau still blocks.",
         wrong={"The quorum can no longer be reached with twenty officials.":
                    "The number needed is still 12 of 20; look at who is missing.",
                "Publicity makes functionalists more cautious.":
                    "All eight support action in nearly every bureau.",
                "Without shared facts nobody supports action.":
                    "Look at the circles: they are filled."},
         hints=["Read the sentence: how many of each kind support it?"],
         explanation="Arming one side does not settle a quarrel that the other can block.",
         objective="Locate the binding constraint of a deadlock", level="analyze")

solution("08.4", kind="number", answer=2.6, tolerance=0.04, unit="", decimals=1,
         wrong={2.5: "That replaces the leverage; but 0.1 of shaming was there before.",
                2.7: "Check: the backlash of 0.2 is in both sums and cancels.",
                2.4: "You took the 0.1 off; it has to be added.",
                2.3: "The backlash is in both sums; it cancels."},
         hints=["With action: 0.1 - 0.2 + 2.5. Without: s - 0.2."],
         explanation="s = 0.1 + 2.5. The two curves agree to the last digit: the releases alone "
                     "cannot tell the two worlds apart.",
         objective="Construct an observationally equivalent model", level="apply")

solution("08.5", kind="multiple",
         options=["Publicity without leverage wins approval but frees nobody more.",
                  "Leverage without publicity stays unused.", "Backlash can undo the gain.",
                  "Without diplomatic relations publicity frees as many, only later.",
                  "If an approval lapses as publicity fades, all releases come later."],
         answer=["Publicity without leverage wins approval but frees nobody more.",
                 "Leverage without publicity stays unused.", "Backlash can undo the gain."],
         wrong={"Without diplomatic relations publicity frees as many, only later.":
                    "Switch relations off: what is left of private action?",
                "If an approval lapses as publicity fades, all releases come later.":
                    "They do not come later; fewer come at all, and mostly early."},
         hints=["Set each one in the panel; read approval and releases in the sentence."],
         explanation="Each link is needed; none is enough.",
         objective="Read interactions off a model", level="analyze")

solution("08.p2", kind="prediction", truth="about 0.6",
         
         options=["about zero, as the true direct effect", "about 0.2", "about 0.6", "about 1"],
         objective="Foresee the bias of a regression that omits the mediator", level="analyze")

solution("08.6", kind="choice",
         options=["No: a case's prospects still move both publicity and release.",
                  "Yes: with action held fixed only the direct path is left.",
                  "No: private action was measured with error.",
                  "Yes, if she has enough cases."],
         answer="No: a case's prospects still move both publicity and release.",
         wrong={"Yes: with action held fixed only the direct path is left.":
                    "That holds when publicity is random. Set the correlation to 0.5 and look.",
                "No: private action was measured with error.":
                    "In these cases it is seen exactly; something else is not seen.",
                "Yes, if she has enough cases.":
                    "Move the number of cases to 5,000: the interval shrinks around a wrong value."},
         hints=["Compare the second black tick with the dashed line as the correlation grows."],
         explanation="Files cure the missing mediator, not the choice of cases.",
         objective="Separate mediation from selection", level="evaluate")

solution("08.7", kind="number", answer=0.12, tolerance=0.004, unit="", decimals=2,
         wrong={0.11: "Close: the distance is 0.035; one step further it is half that.",
                0.13: "Close: the distance is 0.033; one step back it is half that.",
                0.15: "That is the best for a half-life of 6 months."},
         hints=["Set the two months first, then move the strength one step at a time.",
                "Read the distance for shaming in the sentence; look for a value below 0.02."],
         explanation="At 0.12 the distance is 0.018, two women in a hundred.",
         objective="Fit a rival mechanism to a given curve", level="apply")

solution("08.8", kind="number", between=[0, 1], answer=0.31, tolerance=0.006, unit="", decimals=2,
         wrong={0.07: "You divided by 19; divide by its square root.",
                5.92: "You multiplied; the distance shrinks as cases are added.",
                0.23: "That is one over the root of 19; the factor 1.358 is missing."},
         hints=["The square root of 19 is 4.36."],
         explanation="1.358 / 4.36 = 0.31. A mechanism's curve may be wrong by thirty points "
                     "and nineteen women often will not show it: the test then rejects in "
                     "under half to four fifths of samples, by the shape of the curves.",
         objective="Judge what a small sample can tell apart", level="apply")

solution("08.9", kind="choice",
         options=["Little for any of the three: another bargain can free a prisoner by itself.",
                  "That shaming works, for no private offer was possible.",
                  "That the deadlock pathway is false.",
                  "That she would have been released without any exchange."],
         answer="Little for any of the three: another bargain can free a prisoner by itself.",
         wrong={"That shaming works, for no private offer was possible.":
                    "No offer by the United States; but somebody else made a bargain.",
                "That the deadlock pathway is false.":
                    "It says what publicity can open, not that nothing else frees anyone.",
                "That she would have been released without any exchange.":
                    "The record shows the exchange; it shows no world without it."},
         hints=["Who bargained with whom?"],
         explanation="A fourth mechanism; the paper calls the campaign's part in it unclear.",
         objective="Weigh a case against several mechanisms", level="evaluate")

solution("08.10", kind="number", between=[0, 1], answer=0.45, tolerance=0.006, unit="", decimals=2,
         wrong={0.55: "That is 1 - q, the chance that it stays hidden.",
                0.74: "You took the belief after a visit alone; subtract that after silence.",
                0.27: "You used the prior 0.5 as what silence leaves; it is 0.409.",
                1.82: "That is the price turned upside down; q is a chance."},
         hints=["3 (1 - q) (0.773 - 0.409) = 0.6", "1 - q = 0.6 / 1.092"],
         explanation="1 - 0.6 / 1.092 = 0.45: there the dot meets the edge of the shaded area.",
         objective="Solve for the secrecy that a bargain needs", level="apply")

solution("08.11", kind="ordering",
         answer=["The campaign names the women.", "A letter invites Aliyev.",
                 "Leyla Yunus is released.", "The invitation becomes public.",
                 "A group is pardoned.", "The summit.", "Khadija Ismayilova is released."],
         wrong={("Leyla Yunus is released.", "A letter invites Aliyev."):
                    "The letter is dated 3 December 2015; she was released on the 9th.",
                ("The invitation becomes public.", "Leyla Yunus is released."):
                    "It was announced on 6 January 2016, four weeks after her release.",
                ("Khadija Ismayilova is released.", "The summit."):
                    "The summit ended on 1 April 2016; she was released on 25 May."},
         hints=["The dates are in the table under the panel; choose 'everything'."],
         explanation="Invitation before release, and a release after the summit: payment against "
                     "delivery, once, explains neither.",
         objective="Establish the order of events from a dated record", level="remember")

solution("08.r1", kind="reflection",
         rubric=["Names a dated event that fits, with its source.",
                 "Names a dated event that counts against, with its source.",
                 "Says what observation would decide, and where it might be found.",
                 "Says whose belief matters: the challenger at home, not the press abroad.",
                 "Notes that the invitation came before the releases, which a bargain struck once "
                 "does not explain.",
                 "Does not treat the model's numbers as findings."],
         objective="Design a test of a claim about secrecy and publicity", level="create")
