"""Exercises of notebook 12: A second campaign: does it happen again?"""

from helpers.exercises import solution

solution("12.1", kind="number", between=[0, 3], answer=0.53, tolerance=0.005, decimals=2,
         wrong={0.18: "That is the mean of the three chances; expected is their sum.",
                0.54: "You pooled 9 of 50 and took three times that; each person has the rate "
                      "of her own country.",
                9: "Those are the others who were absent; divide each by the number held."},
         hints=["One chance for each person: 1/12, 6/30, 2/8.", "Then add them."],
         explanation="1/12 + 6/30 + 2/8 = 0.083 + 0.2 + 0.25 = 0.53.",
         objective="Compute an expected count from rates", level="apply")

solution("12.2", kind="choice",
         options=["Half as many again were absent as would be if the named were like the others.",
                  "Naming raises the chance of release by 50 points.",
                  "A named person is released one and a half times as fast.",
                  "The campaign caused a third of the exits."],
         answer="Half as many again were absent as would be if the named were like the others.",
         wrong={"Naming raises the chance of release by 50 points.":
                    "It is a ratio of counts, not a difference of shares.",
                "A named person is released one and a half times as fast.":
                    "Nothing here is a speed: a person is absent on one day or not.",
                "The campaign caused a third of the exits.":
                    "That needs the named to be like the others; the ratio only compares."},
         hints=["Put the two counts into words: observed, and expected if ..."],
         explanation="O/E compares two counts; what it means depends on the if.",
         objective="Read observed over expected", level="understand")

solution("12.p1", kind="prediction", most=16, truth=4, entry="number", unit="people", decimals=0,
         objective="Commit to a guess before the outcome is shown", level="evaluate")

solution("12.p2", kind="prediction", entry="text",
         truth="the outcome under the panel, once you tick Show the outcome",
         objective="Fix an analysis before the outcome is shown", level="evaluate")

solution("12.r1", kind="reflection",
         rubric=["names one choice and the objection to it",
                 "gives a reason that does not refer to the result",
                 "says what would change if the objection were right"],
         objective="Defend a choice before its result is known", level="evaluate")

solution("12.3", kind="choice",
         options=["2015 only", "every naming instead of the first",
                  "the months already survived put right", "absent by the third census"],
         answer="2015 only",
         wrong={"every naming instead of the first": "That gives 1.68: a step, not the largest.",
                "the months already survived put right": "That gives 1.51.",
                "absent by the third census": "That gives 1.42; the expected number grows too."},
         hints=["Reset the panel and change one control at a time.",
                "Four people are left, three of them absent."],
         explanation="3.04, on four people: two were freed by one Syrian amnesty, so it is nearly "
                     "one event. The year carries most of what the choices move.",
         objective="Find the choice that moves an estimate", level="analyze")

solution("12.4", kind="number", between=[0, 100], answer=25.8, tolerance=0.15, unit="%", decimals=1,
         wrong={40: "That counts the five months before she was named, in which she could not "
                    "be absent.",
                23.3: "7/12 of 40 takes the same share of the group each month; those left are "
                      "fewer each month.",
                16.7: "That is 5/12 of 40: the months she had already survived.",
                19.2: "That is 1 - 0.6 to the power 5/12: the wrong part of the year."},
         hints=["60 per cent are still held after twelve months.",
                "Still held after seven of twelve months: 0.6 to the power 7/12."],
         explanation="1 - 0.6^(7/12) = 25.8 per cent.",
         objective="Put right the time already survived", level="apply")

solution("12.5", kind="choice",
         options=["The combinations share the same few people, so they are not independent tests.",
                  "Nothing: ten per cent is twice what chance allows.",
                  "P values may never be counted.",
                  "The five per cent holds only for one-sided tests."],
         answer="The combinations share the same few people, so they are not independent tests.",
         wrong={"Nothing: ten per cent is twice what chance allows.":
                    "If one summer amnesty is in half of them, one chance event makes them all "
                    "small together.",
                "P values may never be counted.":
                    "They may, if one knows how the count behaves when nothing is there.",
                "The five per cent holds only for one-sided tests.":
                    "These p values are two-sided; that is not the trouble."},
         hints=["How many different people are behind the 103 small p values?"],
         explanation="To judge the curve one needs the curve under chance: notebook 10 draws it.",
         objective="See that analyses of one data set are dependent", level="evaluate")

solution("12.6", kind="choice",
         options=["None about the campaigns: neither line has a comparison of its own beside it.",
                  "#FreeThe20 worked better than Free the Press.",
                  "Women are released sooner than men once they are named.",
                  "Naming at a press briefing has no effect."],
         answer="None about the campaigns: neither line has a comparison of its own beside it.",
         wrong={"#FreeThe20 worked better than Free the Press.":
                    "The people, countries, years and sentences differ as well as the campaign.",
                "Women are released sooner than men once they are named.":
                    "In the whole census women leave sooner, named or not.",
                "Naming at a press briefing has no effect.":
                    "A slow line is no evidence of that: slower than what?"},
         hints=["What would each line have looked like without the naming?"],
         explanation="Two lines without their counterfactuals compare two groups of people.",
         objective="Ask for the comparison behind each curve", level="analyze")

solution("12.7", kind="number", answer=44, tolerance=0, unit="names", decimals=0,
         wrong={40: "At 40 the power is 76 per cent: close, and short.",
                32: "At 32 it is 75 per cent; an exact test is not smooth.",
                60: "It suffices, but a smaller one does too.",
                24: "At 24 it is 58 per cent."},
         hints=["Set the odds to 2.7 and the rate to 21, and move the names."],
         explanation="81 per cent at 44. The campaign's 16 names reach 34.",
         objective="Read a sample size from a power curve", level="apply")

solution("12.8", kind="choice",
         options=["Nobody chose who was named first, so the two halves differ by chance alone.",
                  "It makes the sample larger.",
                  "It removes the need for a census.",
                  "It makes every person's chance of release the same."],
         answer="Nobody chose who was named first, so the two halves differ by chance alone.",
         wrong={"It makes the sample larger.": "Half of the pool waits; it is smaller at first.",
                "It removes the need for a census.":
                    "Somebody still has to find out who is held.",
                "It makes every person's chance of release the same.":
                    "They keep their own chances; the lottery spreads them evenly on average."},
         hints=["Which of the limits at the end of the notebook goes away?"],
         explanation="Selection: the choice of who is named no longer depends on who is about to "
                     "be freed.",
         objective="Say what randomization repairs", level="evaluate")

solution("12.9", kind="multiple",
         options=["If only a few can be named each week anyway, a lottery is a fair order.",
                  "Name at once whoever would be harmed by waiting, and leave her out of the test.",
                  "Set a rule beforehand for stopping early and naming everybody.",
                  "The waiting lose nothing, because the effect is not proven.",
                  "Families need not be asked: the names are public."],
         answer=["If only a few can be named each week anyway, a lottery is a fair order.",
                 "Name at once whoever would be harmed by waiting, and leave her out of the test.",
                 "Set a rule beforehand for stopping early and naming everybody."],
         wrong={"The waiting lose nothing, because the effect is not proven.":
                    "If there were surely no effect there would be no campaign; expect that they "
                    "lose something, and say so.",
                "Families need not be asked: the names are public.":
                    "Naming can harm; who bears the risk should be asked."},
         hints=["Two of the five make the objection disappear by assuming it away."],
         explanation="A lottery is defensible where naming is scarce, its risk is asked about and "
                     "its end is fixed.",
         objective="Weigh the ethics of withholding", level="evaluate")

solution("12.r2", kind="reflection",
         rubric=["defines the pool before anyone is named",
                 "fixes outcome, date of looking and test",
                 "says how consent and harm are handled",
                 "gives a rule for stopping"],
         objective="Write a protocol", level="create")
