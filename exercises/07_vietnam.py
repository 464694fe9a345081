"""Exercises of notebook 07: Vietnam: two women, two outcomes."""

from helpers.exercises import solution

solution("07.p1", kind="prediction", truth="exile is first proposed to Ta Phong Tan",
         
         options=["the campaign opens", "exile is first proposed to Ta Phong Tan",
                  "the day due for her own profile"],
         objective="Commit to an order of events before seeing the dates", level="remember")

solution("07.1", kind="ordering",
         answer=["exile is proposed to Ta Phong Tan", "the campaign opens",
                 "Ta Phong Tan is freed", "the trade talks are concluded",
                 "relocation is proposed to Bui Thi Minh Hang", "the agreement is signed"],
         wrong={("the campaign opens", "exile is proposed to Ta Phong Tan"):
                    "Her sister spoke of the proposal on 13 August 2015, before the launch.",
                ("the trade talks are concluded", "Ta Phong Tan is freed"):
                    "She was freed on 19 September; the talks were concluded on 5 October.",
                ("the agreement is signed", "relocation is proposed to Bui Thi Minh Hang"):
                    "By her letter the visit was on 27 January 2016; the signing was on 4 February."},
         hints=["Show the events about each woman in turn."],
         explanation="Exile was proposed to Ta Phong Tan before the launch, and to Bui Thi Minh "
                     "Hang before the agreement was signed.",
         objective="Order dated events from sources", level="remember")

solution("07.2", kind="number", answer=1475, tolerance=1.4, unit="days", decimals=0,
         wrong={1090: "That is from the sentence of 24 September 2012.",
                1109: "Three years and two weeks: check the year of the arrest.",
                1096: "That is three years, as the paper says; count from the arrest."},
         hints=["Four years, one of them a leap year, and fourteen days."],
         explanation="4 x 365 + 1 + 14 = 1475: four years and two weeks. Three years fits only "
                     "if one counts from the sentence.",
         objective="Check a stated duration against its own dates", level="apply")

solution("07.3", kind="choice",
         options=["That she saw pressure from abroad at work, the campaign's part left open.",
                  "That the campaign freed her.", "That the campaign had no part.",
                  "Nothing: a prisoner cannot know why she is freed."],
         answer="That she saw pressure from abroad at work, the campaign's part left open.",
         wrong={"That the campaign freed her.": "She names three kinds of pressure, and not it.",
                "That the campaign had no part.":
                    "The campaign is one form of American pressure; she does not tell them apart.",
                "Nothing: a prisoner cannot know why she is freed.":
                    "She met the police and the diplomats; what she saw of them is evidence."},
         hints=["What did she see herself, and what does she infer?"],
         explanation="A witness to what was said to her, not to what others decided.",
         objective="Say what a witness can attest and what not", level="evaluate")

solution("07.4", kind="choice",
         options=["There was little deadlock left for the campaign to settle.",
                  "Leverage did not matter.", "The campaign must have worked through shame.",
                  "Ta Phong Tan would have been freed in any case."],
         answer="There was little deadlock left for the campaign to settle.",
         wrong={"Leverage did not matter.": "It was met at both moments: it may matter a lot.",
                "The campaign must have worked through shame.":
                    "That one mechanism is idle does not show that another worked.",
                "Ta Phong Tan would have been freed in any case.":
                    "An open strategy is not one that was used, and not one that worked."},
         hints=["What does the campaign supply, in the paper's account?"],
         explanation="If priority was already met, the step from publicity to priority is idle.",
         objective="Draw what follows from a coding, and no more", level="analyze")

solution("07.5", kind="multiple",
         options=["raise 'Signed, not ratified' to 5", "lower the leverage a bargain needs to 2",
                  "raise 'After TPP is given up' to 5", "let the party congress take off 3"],
         answer=["raise 'Signed, not ratified' to 5", "lower the leverage a bargain needs to 2"],
         wrong={"raise 'After TPP is given up' to 5":
                    "Nguyen Van Ly was freed before that; and now the full term does not fit.",
                "let the party congress take off 3": "That lowers the line where it is too low already."},
         hints=["Nguyen Van Ly was freed on 20 May 2016: on which stretch is that?"],
         explanation="Two different assumptions, one perfect fit: fitting shows nothing here.",
         objective="See that an unmeasured cause can be drawn to fit", level="analyze")

solution("07.6", kind="choice",
         options=["Cases raised by states outside the trade talks, before and after the congress.",
                  "More interviews with American trade officials.",
                  "The exact day on which the agreement was signed.",
                  "The number of articles on Bui Thi Minh Hang in 2016."],
         answer="Cases raised by states outside the trade talks, before and after the congress.",
         wrong={"More interviews with American trade officials.":
                    "They saw both changes at once, too.",
                "The exact day on which the agreement was signed.":
                    "It is known: 4 February 2016, a week after the congress closed.",
                "The number of articles on Bui Thi Minh Hang in 2016.":
                    "That speaks to publicity, not to either of the two."},
         hints=["Look for cases that one change could touch and the other could not."],
         explanation="If those cases stall as well, the leadership is the likelier cause.",
         objective="Design a comparison that separates two causes", level="evaluate")

solution("07.7", kind="number", answer=5.6, tolerance=0.06, unit="dB", decimals=1,
         wrong={3.6: "That is the ratio; take 10 times its logarithm to base 10.",
                -5.6: "That is its weight for the rival.",
                12.8: "That is with natural logarithms; decibels take base 10.",
                6.5: "That is 10 times the difference of the two, not of their logarithms."},
         hints=["10 log10(0.90 / 0.25)"],
         explanation="The ratio is 3.6: between 3 dB (twofold) and 10 dB (tenfold).",
         objective="Express a likelihood ratio in decibels", level="apply")

solution("07.8", kind="code",
         answer="def posterior_from_decibels(prior, weights):\n"
                "    odds = prior / (1 - prior) * 10 ** (sum(weights) / 10)\n"
                "    return odds / (1 + odds)",
         tests=[((0.5, [10]), 0.909091), ((0.5, []), 0.5),
                ((0.2, [3, -3]), 0.2), ((0.1, [10, 10]), 0.917431)],
         tolerance=1e-5,
         wrong={1: "Without cards the prior must come back.",
                2: "Equal weights for and against must cancel.",
                3: "Start from the prior odds, prior / (1 - prior)."},
         hints=["Odds first; turn them into a probability at the end."],
         explanation="Two cards of 10 dB lift one in ten to nine in ten.",
         objective="Go from weights of evidence to a probability", level="apply")

solution("07.9", kind="number", answer=0.58, tolerance=0.004, unit="", decimals=2,
         wrong={0.37: "That is the plain mean; the likelier rival counts for more.",
                0.29: "Divide by the prior of all rivals together, 0.5."},
         hints=["A mean over the rivals, weighted by their priors."],
         explanation="(0.27 + 0.01 + 0.01) / 0.5: what 'not H' expects depends on the priors.",
         objective="Compute what the rivals together expect", level="apply")

solution("07.10", kind="choice",
         options=["hoop", "smoking gun", "doubly decisive", "straw in the wind"],
         answer="hoop",
         wrong={"smoking gun": "0.25 is not all but impossible: others allow such a refusal.",
                "doubly decisive": "Certain enough, but not unique at 0.25.",
                "straw in the wind": "At 0.90 the hypothesis requires it."},
         hints=["Cut-offs: 0.9 for certain, 0.1 for unique, and a ratio of 3."],
         explanation="H6 cannot stand without an offer and a refusal. That they are found keeps "
                     "it in play; it does not make it the only account.",
         objective="Classify a card by its likelihoods", level="understand")

solution("07.p2", kind="prediction", truth="H3 Push, then trade leverage",
         
         options=["H3 Push, then trade leverage", "H4 Already under way", "H6 Exile declined"],
         objective="Guess whether one card decides", level="evaluate")

solution("07.11", kind="number", answer=84.2, tolerance=0.06, unit="%", decimals=1,
         wrong={89.5: "That is 17 of 19, with her.",
                78.9: "That takes off two: only Bui Thi Minh Hang's exit is in question here.",
                94.1: "16 of 17: the women who are not counted stay in the denominator.",
                88.9: "16 of 18: she stays in the denominator."},
         hints=["(17 - 1) / 19"],
         explanation="16 of 19. Whether such an exit counts for a campaign is a judgement.",
         objective="See what an outcome coding counts", level="apply")

solution("07.r1", kind="reflection",
         rubric=["states both readings in terms their defenders would accept",
                 "uses at least two dated events, each with its source",
                 "says what her letter and the reports before it can show, and what they cannot "
                 "(what the consular officer reported is not public)",
                 "says which observation each reading has trouble with",
                 "treats her refusal of exile as a decision made in prison, not as a wish to stay "
                 "there nor as a failure of diplomacy"],
         objective="Write fairly about a contested explanation", level="evaluate")
