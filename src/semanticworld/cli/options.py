"""Every option, described once, and the groups in which commands take them."""

from __future__ import annotations

from semanticworld.cli.spec import Kind, Option

OUTPUT_FORMATS = ("table", "json", "yaml", "text")
SUBNETS = ("private-1", "private-2", "auto")
COMMON_TYPES = ("t3.medium", "g4dn.xlarge", "g5.xlarge", "g6.xlarge", "g6e.xlarge", "p4d.24xlarge", "p5.48xlarge")

REGION = Option(
    name="--region",
    kind=Kind.TEXT,
    metavar="REGION",
    help="AWS region (else AWS_REGION, AWS_DEFAULT_REGION, the profile's, eu-central-1)",
    suggestions=("eu-central-1", "eu-west-1", "us-east-1", "us-west-2"),
)
PROFILE = Option(name="--profile", kind=Kind.TEXT, metavar="NAME", help="profile of the AWS configuration")
ENDPOINT_URL = Option(
    name="--endpoint-url", kind=Kind.TEXT, metavar="URL", help="where the AWS API answers (else AWS_ENDPOINT_URL)"
)
LOCAL = Option(name="--local", help="use the embedded cloud on this machine (or MANAGE_COMPUTE_LOCAL=1)")
HISTORY_LOCAL = Option(name="--local", help="the embedded cloud's journal (or MANAGE_COMPUTE_LOCAL=1)")
CONNECTION = (REGION, PROFILE, ENDPOINT_URL, LOCAL)

OUTPUT = Option(
    name="--output",
    kind=Kind.CHOICE,
    metavar="FORMAT",
    choices=OUTPUT_FORMATS,
    help="table (default), json, yaml, or text (tabs between, - for what is not known)",
)
QUERY = Option(
    name="--query",
    kind=Kind.TEXT,
    metavar="JMESPATH",
    help="part of the answer, as a JMESPath expression (text: None where nothing is found)",
)
NO_COLOR = Option(name="--no-color", help="no colours (NO_COLOR does the same)")
VERBOSE = Option(name="--verbose", help="say more, such as every call to AWS")
QUIET = Option(name="--quiet", help="no progress, only the answer and errors")
ANSWER = (OUTPUT, QUERY, NO_COLOR, VERBOSE, QUIET)

PARAMETERS = Option(
    name="--parameters",
    kind=Kind.FILE,
    metavar="FILE",
    help="parameter file of this layer (else infrastructure/parameters)",
)
INSTANCE_TYPE = Option(
    name="--instance-type",
    kind=Kind.TEXT,
    metavar="TYPE",
    help="EC2 instance type, such as g5.xlarge",
    suggestions=COMMON_TYPES,
)
SUBNET = Option(
    name="--subnet",
    kind=Kind.CHOICE,
    metavar="SUBNET",
    choices=SUBNETS,
    help="private subnet: private-1, private-2 or auto",
)
STORAGE_SIZE = Option(name="--storage-size", kind=Kind.COUNT, metavar="GIB", help="size of the root volume in GiB")
NODE = (INSTANCE_TYPE, SUBNET, STORAGE_SIZE)

DRY_RUN = Option(name="--dry-run", help="show what would happen, change nothing")
YES = Option(name="--yes", help="answer questions with yes (what destroys data keeps its own option)")
CONFIRM = Option(
    name="--confirm",
    kind=Kind.WORDS,
    metavar="WORD",
    help="answer the question that wants WORD typed, such as a bucket's name (repeatable)",
)
NO_WAIT = Option(name="--no-wait", help="return when the work has begun, do not follow it")
TIMEOUT = Option(
    name="--timeout",
    kind=Kind.DURATION,
    metavar="DURATION",
    help="follow for at most this long, such as 90s, 10m, 1h30m",
)
WORK = (DRY_RUN, YES, CONFIRM, NO_WAIT, TIMEOUT)

FORCE_DELETE = Option(name="--force-delete", help="also cure and remove a stack whose deletion has failed")
EVERYTHING = Option(name="--everything", help="remove the base layer too, not only the node")

FORCE_STOP = Option(name="--force", help="stop: even when its state cannot be saved; what is not saved is lost")

FAULT_OPTIONS = tuple(
    Option(name=name, kind=Kind.TEXT, metavar=metavar, help=help_)
    for name, metavar, help_ in (
        ("--service", "NAME", "fault: only calls of this service, such as ec2"),
        ("--operation", "NAME", "fault: only calls of this operation, such as RunInstances"),
        ("--times", "N", "fault: only so many times"),
        ("--zone", "ZONE", "fault capacity: only in this availability zone"),
        ("--on", "ACTION", "fault resource, slow: create, update or delete"),
        ("--reason", "TEXT", "fault resource: the reason it gives"),
        ("--status", "N", "fault error: the HTTP status"),
        ("--message", "TEXT", "fault error: the message"),
    )
)

FAULT_WORDS = (
    "list",
    "clear",
    "latency",
    "throttle",
    "capacity",
    "resource",
    "slow",
    "lost-answer",
    "error",
    "expired-token",
)
"""What stands after `local fault`."""

CONTRADICTIONS = (
    ("--quiet", "--verbose"),
    ("--no-wait", "--timeout"),
    ("--local", "--endpoint-url"),
    ("--local", "--profile"),
)
