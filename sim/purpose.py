"""Purposes: what each draw of luck is for."""

from enum import IntEnum


class Purpose(IntEnum):
    """What a draw of luck is for. Numbers are never reused, so that old seeds keep their meaning."""

    SENTENCED = 0
    SENTENCE = 1
    SEX = 2
    AGE = 3
    OFFENCE = 4
    TARIFF = 5
    READINESS = 6
    FRAILTY = 7
    FOREIGN = 8
    OTHER_LIFE = 9
    PAPERS = 20
    HEARING = 21
    DEFERRAL = 22
    DEFERRAL_DAYS = 23
    LISTING = 24
    INTERVAL = 25
    OPEN_DECISION = 26
    OPEN_DAYS = 27
    RELEASE_DAYS = 28
    PREMISES = 29
    PREMISES_DAYS = 30
    INCIDENT_KIND = 31
    DECISION = 32
    AT_LARGE = 33
    AT_LARGE_DAYS = 34
    RESCISSION = 35
    RESCISSION_DAYS = 36
    DISREGARD = 37
    TERMINATION = 38
    TERMINATION_DAYS = 39
    REQUEST = 40
    HOSPITAL_WAY_OUT = 41
    REGION = 42
    MENTAL_HEALTH_NEED = 43
    SUBSTANCE_NEED = 44
    PREPARED = 45
    SETTLED = 46
    PSYCHOLOGY = 47
    SUPPORT_DAY = 48
    CONTACT = 49
    ALTERNATIVE = 50
    BED = 51
    RESENTENCED = 60
    COURT_DAY = 61
    CAUSE_OF_DEATH = 75
    TARIFF_FLOOR = 80
    REMAND = 81
    LATER_SENTENCE = 82
    LATER_SENTENCE_DAYS = 83
    RAIN = 100  # the rain of each kind of turn is RAIN + turn
