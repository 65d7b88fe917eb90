"""The only place for the edges of every figure, in the words that the definitions are printed under."""

EDGES = (
    (
        "Period",
        "Whole days in London time, the first and the last included. A financial year is from "
        "1 April to 31 March, and its first quarter is April to June.",
    ),
    (
        "Status day",
        "The day on which cases are looked at, at its end. A report of a year on its last day and "
        "one three months later differ, because cases have been decided since. Unless it says "
        "otherwise it is the last day of the period, or today if that is earlier.",
    ),
    (
        "What was known",
        "The number of actions that the audit log held, its size. An entry made today about last "
        "March changes what is known of last March, and not what was known before. With the period, "
        "the status day and the log size the same figures come out for ever.",
    ),
    (
        "Corrections",
        "A corrected entry counts with its corrected day and values, as if it had always been so. "
        "An annulled one never happened. What began and ended on one day never stood.",
    ),
    (
        "Working days",
        "Not weekends, not bank holidays in England and Wales, and not days that the office has "
        "added. The next working day is day 1, the same day is day 0.",
    ),
    (
        "Estimated and unknown",
        "An estimated day, as old registers have, is good enough to say how a case stood. It is "
        "left out of how long things took, and beside each such figure stands how many cases it "
        "covers. What is not recorded is counted as not recorded, and never guessed.",
    ),
    (
        "Percentages",
        "To one decimal, half up. Where nothing was decided they are “not applicable”, never 0. Of "
        "fewer cases than the office’s smallest base (50 is usual) what people read says “4 of 34” "
        "instead; files for computers have the percentage all the same.",
    ),
    (
        "Averages",
        "The median is the middle one, or the mean of the middle two. Nine in ten took no longer "
        "than the 90th percentile, by the nearest rank. Means are to one decimal, half up.",
    ),
    (
        "Versions",
        "A measure whose meaning changes gets a new version in a new edition. A published report "
        "names its edition, and is counted by it again for ever.",
    ),
)
"""Where a figure begins and ends: a term and what it means."""
