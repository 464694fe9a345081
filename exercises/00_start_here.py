"""Exercises of notebook 00: Start here: nineteen women, one campaign."""

from helpers.exercises import solution

solution("00.p1", kind="prediction", most=19, truth="14, 16 or 17, by coding A, B or C",
         entry="number", unit="women",
         objective="Commit to an expectation before seeing the count", level="understand")

solution("00.1", kind="number", between=[0, 100], answer=73.7, tolerance=0.3, unit="%", decimals=1,
         wrong={0.737: "That is a share; in per cent it is a hundred times as much.",
                84.2: "That is coding B: sixteen of nineteen.",
                89.5: "That is coding C, and the paper's figure: seventeen of nineteen.",
                77.8: "You left out the woman whose status is unknown: fourteen of eighteen.",
                70.0: "You divided by twenty; the symbolic row is never counted."},
         hints=["Set the first control to A and read the sentence under the chart.",
                "It is fourteen divided by nineteen."],
         explanation="14 / 19 = 0.737.",
         objective="Compute a release share under a stated coding", level="apply")

solution("00.2", kind="choice",
         options=["Nothing: only the denominator changed.",
                  "One more woman was released.",
                  "One woman was found not to be a prisoner."],
         answer="Nothing: only the denominator changed.",
         wrong={"One more woman was released.":
                    "The number released stays sixteen; look at the denominator.",
                "One woman was found not to be a prisoner.":
                    "Her status is unknown; leaving her out says nothing about it."},
         hints=["Read both sentences: what is the number after 'of'?"],
         explanation="Sixteen of nineteen became sixteen of eighteen.",
         objective="Tell a change of coding from a change of fact", level="understand")

solution("00.3", kind="number", between=[0, 1], answer=0.5, tolerance=0.001, unit="", decimals=3,
         wrong={0.667: "That would be with three at risk; she is no longer observed by then.",
                0.857: "That is step 1, with seven at risk.",
                0.214: "That is the estimate after the step; the question is the factor."},
         hints=["How many bars reach as far as the fifth release?", "It is 1 - 1/2."],
         explanation="Two are at risk and one is released: 1 - 1/2.",
         objective="Update a Kaplan-Meier estimate across a censored time", level="apply")

solution("00.p2", kind="prediction",
         truth="22 to 39 % under coding B, depending on the uncertain dates",
         entry="number", unit="%",
         objective="Expect a share at a time, before reading it off a curve",
         level="understand")

solution("00.4", kind="multiple",
         options=["Most of the nineteen women were released within three years.",
                  "The campaign caused most of the releases.",
                  "The share released depends on how a release is coded.",
                  "Women outside the campaign were released later."],
         answer=["Most of the nineteen women were released within three years.",
                 "The share released depends on how a release is coded."],
         wrong={"The campaign caused most of the releases.":
                    "Nothing here shows what would have happened without it.",
                "Women outside the campaign were released later.":
                    "No woman outside the campaign is in these data."},
         hints=["Which statements speak only about the nineteen, and only about what happened?"],
         explanation="Both hold under every coding; the others need a comparison.",
         objective="Separate description from causal claim", level="evaluate")

solution("00.5", kind="choice",
         options=["Her own feature day caused her release.",
                  "The launch of the campaign helped her.",
                  "Private diplomacy over trade helped her."],
         answer="Her own feature day caused her release.",
         wrong={"The launch of the campaign helped her.":
                    "The launch, with the list, came eighteen days before; it is not ruled out.",
                "Private diplomacy over trade helped her.":
                    "Nothing in the order of dates speaks against it; the paper argues for it."},
         hints=["A cause comes before its effect."],
         explanation="The feature day came after she was free; the launch did not.",
         objective="Use the order of events as evidence", level="analyze")
