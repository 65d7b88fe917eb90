"""The only place that lists the faults that are tried, and how often."""

from tests.faults import backups, commands, crowds, disks, erasing, kills, upsets
from tests.faults.trials import Scenario

SCENARIOS = (
    Scenario("F1", "SIGKILL at any instant", kills.killed, 300),
    Scenario("F3", "the disk is full", disks.full, 150),
    Scenario("F4", "a write fails", disks.broken, 150),
    Scenario("F5", "a lock held too long", crowds.locked, 8),
    Scenario("F6", "the same form fifty times", crowds.clicked_often, 30),
    Scenario("F7", "two caseworkers, one case", crowds.same_case, 60),
    Scenario("F8", "references given at once", kills.references, 60),
    Scenario("F9", "the clock goes wrong", upsets.clock_wrong, 40),
    Scenario("F11", "killed while migrating", commands.migrating, 100),
    Scenario("F12", "a backup is killed", backups.backup_killed, 60),
    Scenario("F13", "an erasure is killed", erasing.erasure_killed, 60),
    Scenario("F14", "killed between event and checkpoint", commands.checkpointing, 60),
    Scenario("F15", "the signing key is missing", commands.key_missing, 10),
    Scenario("F16", "the database restarts", upsets.database_restarted, 60, ("postgres",)),
    Scenario("F19", "the disk is read-only", disks.read_only, 30),
    Scenario("S57", "a restore is killed", backups.restore_killed, 60),
)
