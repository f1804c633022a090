"""The admin screens of the apps of core, which lie below the back-office."""
