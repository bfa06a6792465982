"""Rows of the learning record: hours and rules, claims, plans, periods and papers, evaluation, and what stands beside them."""

from mentorlink.learning.models.claims import Claim, Evidence
from mentorlink.learning.models.evaluation import (
    BehaviourReview,
    Feedback,
    IndicatorValue,
    ResultIndicator,
    TestForm,
    TestItem,
    TestSitting,
)
from mentorlink.learning.models.hours import GivenDeed, HoursEntry, HoursRule
from mentorlink.learning.models.papers import Certificate, CertificatePaper, SigningKey
from mentorlink.learning.models.periods import CertificateRun, LearningPeriod, PeriodMonth, RecapRow
from mentorlink.learning.models.plans import DevelopmentPlan, PlanLine
from mentorlink.learning.models.standing import Consent, ContractTerm, DataRequest, IndexFact, IndexRule, LearningSetting

__all__ = [
    "BehaviourReview",
    "Certificate",
    "CertificatePaper",
    "CertificateRun",
    "Claim",
    "Consent",
    "ContractTerm",
    "DataRequest",
    "DevelopmentPlan",
    "Evidence",
    "Feedback",
    "GivenDeed",
    "HoursEntry",
    "HoursRule",
    "IndexFact",
    "IndexRule",
    "IndicatorValue",
    "LearningPeriod",
    "LearningSetting",
    "PeriodMonth",
    "PlanLine",
    "RecapRow",
    "ResultIndicator",
    "SigningKey",
    "TestForm",
    "TestItem",
    "TestSitting",
]
