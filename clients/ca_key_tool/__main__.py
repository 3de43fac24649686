"""Runs `python -m clients.ca_key_tool --p12 FILE | --token pkcs11:… [--challenge challenge.txt] [--out login.p7s]`
(docs/ca-keys.md).

Without --out the signature is printed for pasting. It ends with 0, or with 1 and a sentence.
"""

from __future__ import annotations

import argparse
import base64
import getpass
import sys
from collections.abc import Sequence
from pathlib import Path

from common.pki.token_key import TokenAddress, TokenError

from .signing import Holder, ToolError, from_file, from_token, origin_of, sign


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        challenge = _challenge(options.challenge)
        origin = origin_of(challenge)
        if options.origin and options.origin.rstrip("/") != origin:
            raise ToolError(f"口令属于另一个网站：{origin}")
        print(f"登录：{origin}", file=sys.stderr)
        signature = sign(_holder(options), challenge)
    except (ToolError, TokenError, ValueError) as error:
        print(f"没有签名：{error}", file=sys.stderr)
        return 1
    if options.out:
        options.out.write_bytes(signature)
        print(f"签名结果已保存到 {options.out}，请在登录页面提交。", file=sys.stderr)
    else:
        print("-----BEGIN PKCS7-----")
        print(base64.encodebytes(signature).decode(), end="")
        print("-----END PKCS7-----")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="clients.ca_key_tool", description="用 CA 锁对登录口令签名")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--p12", type=Path, help="CA 锁文件（.p12、.pfx）")
    source.add_argument("--token", help="PKCS#11 地址：pkcs11:token=…;object=…?module-path=驱动.so")
    parser.add_argument("--certificate", type=Path, help="证书文件（PEM），锁里没有证书时使用")
    parser.add_argument("--challenge", type=Path, default=Path("challenge.txt"), help="登录口令文件")
    parser.add_argument("--origin", default="", help="只为这个网站签名，例如 https://portal.example")
    parser.add_argument("--pin-file", type=Path, help="存放 PIN 码的文件；不指定时在键盘上输入")
    parser.add_argument("--out", type=Path, help="签名结果文件；不指定时显示在屏幕上")
    return parser


def _challenge(path: Path) -> bytes:
    try:
        return path.read_bytes().strip()
    except OSError as error:
        raise ToolError(f"无法读取登录口令 {path}") from error


def _holder(options: argparse.Namespace) -> Holder:
    address = TokenAddress.parse(options.token) if options.token else None
    try:
        pin = options.pin_file.read_text().strip() if options.pin_file else getpass.getpass("PIN 码：")
    except OSError as error:
        raise ToolError(f"无法读取 {options.pin_file}") from error
    return from_file(options.p12, pin) if address is None else from_token(address, pin, options.certificate)


if __name__ == "__main__":
    sys.exit(main())
