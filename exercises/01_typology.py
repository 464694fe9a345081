"""Exercises of notebook 01: What can a government do? Four strategies, four conditions."""

from helpers.exercises import solution

solution("01.p1", kind="prediction", truth="two",
         options=["none", "one", "two", "three", "all four"],
         objective="Say what a missing condition closes, before trying it", level="understand")

solution("01.1", kind="choice",
         options=["diplomatic relations", "little backlash to fear", "sufficient leverage",
                  "priority over competing equities"],
         answer="diplomatic relations",
         wrong={"little backlash to fear": "That one closes the public strategies.",
                "sufficient leverage": "Without leverage both coercive strategies close.",
                "priority over competing equities":
                    "Without priority both coercive strategies close."},
         hints=["Switch off one condition at a time in the panel."],
         explanation="Talking in private takes somebody to talk to.",
         objective="Read conditions off Table 2", level="apply")

solution("01.2", kind="choice",
         options=["public expressive", "private expressive", "public coercive", "none"],
         answer="public coercive",
         wrong={"public expressive": "It was open before: it needs only little backlash to fear.",
                "private expressive": "It was open before: it needs only relations.",
                "none": "Look at the column of public coercive action: what is it lacking now?"},
         hints=["In the panel: relations and little backlash on, leverage and priority off.",
                "Choose private coercive as the strategy wanted; read the second sentence."],
         explanation="With little backlash to fear, leverage and priority are all it lacked.",
         objective="Reason from conditions to strategies and back", level="analyze")

solution("01.3", kind="ordering",
         answer=["deadlock between offices", "senior officials go public",
                 "the issue gains priority at home", "an inducement is offered in private"],
         wrong={("an inducement is offered in private", "the issue gains priority at home"):
                    "Without priority no office agrees to spend leverage.",
                ("senior officials go public", "deadlock between offices"):
                    "The deadlock is where the story begins; publicity answers it."},
         hints=["What is the problem that publicity solves?"],
         explanation="Publicity settles the quarrel at home; the bargain comes after.",
         objective="Retell the causal pathway", level="understand")

solution("01.4", kind="choice",
         options=["The private offer was already agreed before the campaign began.",
                  "Foreign newspapers hardly mentioned the campaign.",
                  "Officials say that the internal buy-in was the hardest part.",
                  "The woman was released half a year after the launch."],
         answer="The private offer was already agreed before the campaign began.",
         wrong={"Foreign newspapers hardly mentioned the campaign.":
                    "That speaks against other mechanisms; this one needs no foreign press.",
                "Officials say that the internal buy-in was the hardest part.":
                    "That is what the pathway expects.",
                "The woman was released half a year after the launch.":
                    "A delay is what the pathway expects: bargaining takes time."},
         hints=["What must come after the publicity if publicity is what opened the door?"],
         explanation="If the door was open before, publicity did not open it.",
         objective="Say what evidence would count against a mechanism", level="evaluate")

solution("01.5", kind="number", between=[-1, 1], answer=0.40, tolerance=0.004, unit="", decimals=2,
         wrong={0.70: "That is the observed agreement; take off what chance gives.",
                0.20: "You subtracted; now divide by what was left to gain, 1 - 0.5."},
         hints=["(observed - expected) / (1 - expected)"],
         explanation="(0.70 - 0.50) / (1 - 0.50) = 0.40.",
         objective="Compute and read Cohen's kappa", level="apply")
