"""What `make run` says once the pages answer."""

from pathlib import Path

SIGN_INS = {
    "direction@nourx.test": "équipe : direction (tous les droits)",
    "gestion@nourx.test": "équipe : gestion",
    "redaction@nourx.test": "équipe : rédaction (base de connaissance)",
    "aminata@akwaba.test": "cliente : Akwaba Distribution",
    "compta@akwaba.test": "cliente : Akwaba, comptabilité (factures)",
    "yao@lagune.test": "client : Lagune Transit",
    "koffi@conseil.test": "comptable de deux clients : Akwaba et Lagune",
}


def banner(port: int, folder: Path) -> str:
    """Return the addresses, the demo sign-ins and how to stop."""
    address = f"http://127.0.0.1:{port}"
    lines = [
        "",
        "  NOURX est prêt.",
        "",
        f"    Site public        {address}/",
        f"    Espace client      {address}/client/",
        f"    Administration     {address}/admin/",
        "",
        f"  Se connecter : {address}/connexion/  (mot de passe : nourx-demo)",
        "",
        *[f"    {login:<24} {person}" for login, person in SIGN_INS.items()],
        "",
        f"  Journaux : {folder / 'log'}   Courriels envoyés : {folder / 'mail'}",
        "  Ctrl-C pour tout arrêter.",
        "",
    ]
    return "\n".join(lines)
