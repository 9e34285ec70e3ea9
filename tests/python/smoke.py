"""Signs and verifies through the C interface, knowing nothing of it but the text of daxsign.h.

usage: smoke.py INCLUDE/daxsign.h LIB/libdaxsign.so PRIVATE_KEY CASE.json
"""

import ast
import ctypes
import json
import operator
import re
import sys

BASIC = {
    "void": None,
    "char": ctypes.c_char,
    "uint8_t": ctypes.c_uint8,
    "int32_t": ctypes.c_int32,
    "uint32_t": ctypes.c_uint32,
    "int64_t": ctypes.c_int64,
    "uint64_t": ctypes.c_uint64,
    "size_t": ctypes.c_size_t,
}


class Header:
    """What a C compiler would take from the header: constants, types and functions."""

    def __init__(self, path, library):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        text = re.sub(r"//[^\n]*", "", text)
        self.constants = {"UINT64_MAX": 2**64 - 1}
        self.types = dict(BASIC)
        self.functions = {}
        self.read_constants(text)
        self.read_types(text)
        self.read_functions(text, library)

    def read_constants(self, text):
        for name, value in re.findall(r"#define (DAXSIGN_\w+) ([^\n{\\]+)$", text, flags=re.M):
            try:
                self.constants[name] = self.number(value)
            except (ValueError, SyntaxError):
                pass  # Not a number: a macro that makes an initialiser.
        for kind, body in re.findall(r"enum (\w+)[^{]*\{(.*?)\};", text, flags=re.S):
            for name, value in re.findall(r"(DAXSIGN_\w+) = (\d+)", body):
                self.constants[name] = int(value)
        for kind, base in re.findall(r"^typedef (u?int32_t) (\w+);", text, flags=re.M):
            self.types[base] = BASIC[kind]

    def number(self, text):
        """The value of a constant expression."""
        operators = {
            ast.Add: operator.add,
            ast.Sub: operator.sub,
            ast.Mult: operator.mul,
            ast.Div: operator.floordiv,
        }

        def value(node):
            if isinstance(node, ast.Constant):
                return node.value
            if isinstance(node, ast.Name) and node.id in self.constants:
                return self.constants[node.id]
            if isinstance(node, ast.BinOp) and type(node.op) in operators:
                return operators[type(node.op)](value(node.left), value(node.right))
            raise ValueError(text)

        return value(ast.parse(text.strip(), mode="eval").body)

    def read_types(self, text):
        pattern = r"typedef (struct|union) (\w+) \{(.*?)\n\} \2;"
        for kind, name, body in re.findall(pattern, text, flags=re.S):
            base = ctypes.Structure if kind == "struct" else ctypes.Union
            members = [self.member(line) for line in body.split(";") if line.strip()]
            self.types[name] = type(name, (base,), {"_fields_": members})

    def function_pointer(self, line):
        """Its name and type; None for anything else."""
        function = re.match(r"\s*(\w+) \(\*(\w+)\)\((.*)\)\s*$", line, flags=re.S)
        if not function:
            return None
        result, name, arguments = function.groups()
        types = [self.parameter(argument) for argument in arguments.split(",")]
        return name, ctypes.CFUNCTYPE(None if result == "void" else BASIC[result], *types)

    def member(self, line):
        function = self.function_pointer(line)
        if function:
            return function
        array = re.match(r"\s*(\w+) (\w+)\[(\w+)\]\s*$", line)
        if array:
            kind, name, length = array.groups()
            return name, self.types[kind] * self.number(length)
        kind, pointer, name = re.match(r"\s*(?:const )?(?:struct |union )?(\w+) (\*?)(\w+)\s*$", line).groups()
        return name, self.pointer(kind) if pointer else self.types[kind]

    def pointer(self, kind):
        if kind == "void":
            return ctypes.c_void_p
        if kind == "char":
            return ctypes.c_char_p
        return ctypes.POINTER(self.types[kind])

    def parameter(self, text):
        function = self.function_pointer(text)
        if function:
            return function[1]
        kind, pointer = re.match(
            r"\s*(?:const )?(?:struct |union )?(\w+) (\*?)\w+\s*$", text
        ).groups()
        return self.pointer(kind) if pointer else self.types[kind]

    def read_functions(self, text, library):
        pattern = r"^(const char|\w+) (\*?)(daxsign_\w+)\((.*?)\);"
        for kind, pointer, name, arguments in re.findall(pattern, text, flags=re.M | re.S):
            function = getattr(library, name)
            function.restype = ctypes.c_char_p if pointer else self.types[kind]
            void = arguments.strip() == "void"
            function.argtypes = [] if void else [self.parameter(one) for one in re.split(r",(?![^(]*\))", arguments)]
            self.functions[name] = function

    def made(self, name):
        """A struct with its size, as its ..._INIT macro makes it."""
        value = self.types[name]()
        value.struct_size = ctypes.sizeof(value)
        return value


def main():
    header_path, library_path, key_path, case_path = sys.argv[1:]
    dax = Header(header_path, ctypes.CDLL(library_path))
    call, constant = dax.functions, dax.constants
    assert call["daxsign_abi_version"]() == constant["DAXSIGN_ABI_VERSION"]
    assert ctypes.sizeof(dax.types["DaxsignPrivateKey"]) == constant["DAXSIGN_PRIVATE_KEY_SIZE"]
    print(len(call), "functions")

    detail = dax.made("DaxsignDetail")
    private_key = dax.types["DaxsignPrivateKey"]()
    public_key = dax.types["DaxsignPublicKey"]()
    with open(key_path, "rb") as file:
        pem = file.read()

    def must(status):
        assert status == constant["DAXSIGN_OK"], call["daxsign_status_name"](status)

    must(call["daxsign_private_key_load"](private_key, ctypes.sizeof(private_key), pem, len(pem), detail))
    must(call["daxsign_private_key_public"](private_key, public_key, ctypes.sizeof(public_key), detail))

    with open(case_path, encoding="utf-8") as file:
        case = json.load(file)
    keep = []

    def some(text):
        data = bytes.fromhex(text)
        keep.append(data)
        value = dax.types["DaxsignBytes"]()
        value.data = ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p)
        value.len = len(data)
        return value

    def request_of(pairs):
        fields = (dax.types["DaxsignField"] * len(pairs))()
        for field, (name, value) in zip(fields, pairs):
            field.name, field.value = some(name), some(value)
        keep.append(fields)
        request = dax.made("DaxsignRequest")
        request.method, request.target = some(case["method"]), some(case["target"])
        request.fields, request.field_count = fields, len(pairs)
        request.body = some(case["body"])
        return request

    profile = constant["DAXSIGN_PROFILE_DOCUMENTED"]
    components = some(case["components"])
    out = ctypes.create_string_buffer(2048)
    out_len = ctypes.c_size_t()
    request = request_of(case["fields"])
    must(call["daxsign_sign"](private_key, request, components, profile, None, out, len(out), out_len, detail))
    print("Signature:", out.value.decode())

    signed = request_of(case["fields"] + [[b"Signature".hex(), out.value.hex()]])
    now = dax.types["DaxsignTime"]()
    must(call["daxsign_date_parse"](bytes.fromhex(case["date"]), len(case["date"]) // 2, now, detail))
    options = dax.made("DaxsignOptions")
    options.policy = constant["DAXSIGN_POLICY_INTEROP"]
    options.window = constant["DAXSIGN_DEFAULT_WINDOW"]
    verified = dax.made("DaxsignVerified")
    must(call["daxsign_verify"](public_key, signed, profile, options, now, None, verified, detail))
    print("SHA-256:", bytes(verified.string_hash).hex())

    now.seconds += 301
    status = call["daxsign_verify"](public_key, signed, profile, options, now, None, None, detail)
    message = ctypes.create_string_buffer(512)
    must(call["daxsign_detail_message"](detail, message, len(message), out_len))
    print(call["daxsign_status_name"](status).decode() + ":", message.value.decode())
    must(call["daxsign_private_key_wipe"](private_key))
    assert not any(private_key.opaque)


main()
