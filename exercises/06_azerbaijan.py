"""Exercises of notebook 06: Azerbaijan: a letter, a court, a photograph."""

from helpers.exercises import solution

solution("06.p1", kind="prediction", truth="before the invitation was public",
         
         options=["before the invitation was public",
                  "between the announcement and the summit",
                  "after the summit"],
         objective="Commit to an order of events before seeing the dates", level="remember")

solution("06.1", kind="ordering",
         answer=["the campaign opens", "the letter of invitation is dated",
                 "Leyla Yunus leaves prison", "the invitation is announced",
                 "the summit", "Khadija Ismayilova leaves prison"],
         wrong={("the invitation is announced", "Leyla Yunus leaves prison"):
                    "She left on 9 December 2015; the announcement came on 6 January 2016.",
                ("Leyla Yunus leaves prison", "the letter of invitation is dated"):
                    "The letter is dated 3 December 2015, six days before she left.",
                ("Khadija Ismayilova leaves prison", "the summit"):
                    "The summit opened on 31 March 2016; she was freed on 25 May."},
         hints=["Set the panel to events about each woman in turn."],
         explanation="The letter, her exit, the announcement: that order matters below.",
         objective="Order dated events from sources", level="remember")

solution("06.2", kind="number", answer=28, tolerance=0.4, unit="days", decimals=0,
         wrong={6: "That is from the date of the letter to her exit.",
                34: "That is from the date of the letter to its announcement.",
                132: "That is from her exit to her departure for treatment on 19 April 2016."},
         hints=["From 9 December 2015 to 6 January 2016."],
         explanation="22 days are left in December after the 9th, then 6 in January.",
         objective="Compute with dates from the record", level="apply")

solution("06.3", kind="choice",
         options=["An offer can have played a part, if its terms were known in Baku.",
                  "An offer cannot have played a part: she left before it was public.",
                  "The offer caused her exit: it came six days before.",
                  "None: the dates contradict each other."],
         answer="An offer can have played a part, if its terms were known in Baku.",
         wrong={"An offer cannot have played a part: she left before it was public.":
                    "Private offers need not be public to work; the letter came first.",
                "The offer caused her exit: it came six days before.":
                    "Before is not because: her husband was out three weeks before the letter.",
                "None: the dates contradict each other.":
                    "They fit together: two are about the letter, one about its announcement."},
         hints=["Who has to know of an offer for it to work?"],
         explanation="The order allows the paper's account; it does not establish it.",
         objective="Separate what an order of events allows from what it shows", level="evaluate")

solution("06.4", kind="multiple",
         options=["diplomatic relations", "little backlash to fear", "sufficient leverage",
                  "priority over competing equities"],
         answer=["sufficient leverage", "priority over competing equities"],
         wrong={"diplomatic relations": "They were met at both moments.",
                "little backlash to fear": "It is left open at both moments, so not met at both.",
                "sufficient leverage": "It was latent before and met after: look at the table."},
         hints=["Switch 'What the paper leaves open counts as' and read the last sentence."],
         explanation="A stricter coder credits the campaign with two conditions, not one.",
         objective="See how a coding rule moves a causal claim", level="analyze")

solution("06.5", kind="choice",
         options=["public expressive: all", "private expressive: most",
                  "public coercive: no", "private coercive: some"],
         answer="public coercive: no",
         wrong={"public expressive: all": "The bill attaches a threat, so it is not expressive.",
                "private expressive: most": "A bill is neither private nor merely expressive.",
                "private coercive: some": "A bill is public."},
         hints=["Is a visa ban an inducement? Is a bill seen by others?"],
         explanation="The bill is by Congress, came after the launch and was not enacted. The "
                     "table does not limit its word so; the text, 'during the launch', does.",
         objective="Test a summary table against a coded event", level="evaluate")

solution("06.6", kind="choice",
         options=["hoop", "smoking gun", "doubly decisive", "straw in the wind"],
         answer="hoop",
         wrong={"smoking gun": "Other things make papers write, too (0.40): not unique.",
                "doubly decisive": "It is certain but not unique.",
                "straw in the wind": "At 0.95 the hypothesis all but requires it."},
         hints=["Certain? Unique? Those are two questions."],
         explanation="Passing keeps shame in play; failing nearly rules it out.",
         objective="Classify a test from two probabilities", level="understand")

solution("06.7", kind="number", between=[0, 100], answer=3.4, tolerance=0.06, unit="%", decimals=1,
         wrong={50.4: "That is the posterior had the coverage been seen.",
                96.6: "That is the belief that it was not shame; the question is for shame.",
                7.7: "You left out the prior: 0.05 / (0.05 + 0.60).",
                5.0: "That is how expected the miss is under shame, not the posterior.",
                1.5: "That is the numerator, 0.30 x 0.05; divide by the sum of both paths."},
         hints=["prior x P(miss | shame), over itself plus (1 - prior) x P(miss | not shame)"],
         explanation="0.015 / (0.015 + 0.42) = 0.034: a missed hoop costs nearly everything.",
         objective="Apply Bayes' rule to a missed hoop", level="apply")

solution("06.8", kind="code",
         answer="def posterior_of(prior, p_h, p_rest):\n"
                "    mine = prior * p_h\n    return mine / (mine + (1 - prior) * p_rest)",
         tests=[((0.3, 0.05, 0.6), 0.034483), ((0.5, 0.9, 0.1), 0.9),
                ((0.2, 0.5, 0.5), 0.2), ((0.01, 0.9, 0.09), 0.091743)],
         tolerance=1e-5,
         wrong={2: "Evidence equally likely either way must leave the prior as it was.",
                3: "Weight each likelihood by its own prior: prior and 1 - prior."},
         hints=["Two paths lead to E: through H and around it."],
         explanation="A ratio of 10 on a prior of one in a hundred still leaves nine in a hundred.",
         objective="Turn likelihoods into a posterior", level="apply")

solution("06.9", kind="multiple",
         options=["A photograph for releases + The deals named the women",
                  "Buy-in at home was the hard part + No texts in local languages",
                  "A letter six days before her exit + A bill in Congress names her",
                  "No distinguishable rise after September + A channel through the First Lady"],
         answer=["A photograph for releases + The deals named the women",
                 "Buy-in at home was the hard part + No texts in local languages"],
         wrong={"A letter six days before her exit + A bill in Congress names her":
                    "Two documents, from two offices: an error in one tells nothing of the other.",
                "No distinguishable rise after September + A channel through the First Lady":
                    "A count of articles and a report by an agency have no source in common."},
         hints=["Look at the source under each card."],
         explanation="The first pair is one official (interview 6), the second another (5).",
         objective="Spot dependent evidence", level="analyze")

solution("06.p2", kind="prediction", truth=6,
         entry="number", unit="%",
         objective="Guess how far a conclusion rests on one kind of source", level="evaluate")

solution("06.10", kind="number", between=[0, 100], answer=80, tolerance=0.4, unit="%", decimals=0,
         wrong={94.1: "That takes the two cards as independent: 16 to 1.",
                66.7: "You took the root twice: together the two weigh as one card of ratio 4."},
         hints=["Together they weigh as much as one of them: odds of 4 to 1."],
         explanation="4 / 5, against 16 / 17 = 94 % if they were independent.",
         objective="Correct an update for dependent evidence", level="apply")

solution("06.11", kind="choice",
         options=["A paper of August 2015: Baku promises both exits to the Council of Europe.",
                  "It turns out that the photograph was never taken.",
                  "No newspaper in Baku mentioned the campaign.",
                  "A second official recalls the offer with other details."],
         answer="A paper of August 2015: Baku promises both exits to the Council of Europe.",
         wrong={"It turns out that the photograph was never taken.":
                    "An offer may move a government and still not be kept.",
                "No newspaper in Baku mentioned the campaign.": "H3 needs no press in Baku.",
                "A second official recalls the offer with other details.":
                    "A second memory of an offer helps H3, even if the details differ."},
         hints=["What must come after the campaign, if H3 is true?"],
         explanation="Exits promised before the launch were not caused by what came after it.",
         objective="Say what evidence would refute a mechanism", level="evaluate")

solution("06.r1", kind="reflection",
         rubric=["names the card, its source and the two hypotheses it divides you on",
                 "says whether you differ about the fact, its source, or what each hypothesis "
                 "would lead one to expect",
                 "says whether the card could be wrong together with another",
                 "says what observation, if it could be had, would settle the difference",
                 "says whether the difference changes which hypothesis leads"],
         objective="Argue about a likelihood and not about a conclusion", level="evaluate")
