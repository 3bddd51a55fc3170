"""结果运用 of a published assessment: notice, own sheets, responses, talks, register of decisions (domain.md §1.14).

Classes of talk and decisions are people's: nothing here proposes, preselects, scores or lists persons to adjust.
"""
