using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Daxsign
{
    /// <summary>Reads JSON (RFC 8259). netstandard2.0 has no reader that keeps what is unknown.</summary>
    internal sealed class JsonReader
    {
        /// <summary>How deep objects and lists may stand in each other: the deepest of the API is 5.</summary>
        private const int MaxDepth = 64;

        private readonly string _text;
        private int _at;
        private int _depth;

        internal JsonReader(string text)
        {
            _text = text;
        }

        internal DaxJson ReadAll()
        {
            DaxJson value = Value();
            if (Peek() != '\0' || _at < _text.Length)
            {
                throw Wrong("the end");
            }
            return value;
        }

        private DaxJson Value()
        {
            switch (Peek())
            {
                case '{': return Nested(Object);
                case '[': return Nested(List);
                case '"': return DaxJson.Of(String());
                case 't': return Word("true", DaxJson.Of(true));
                case 'f': return Word("false", DaxJson.Of(false));
                case 'n': return Word("null", DaxJson.Null);
                default: return Number();
            }
        }

        private DaxJson Nested(Func<DaxJson> read)
        {
            if (++_depth > MaxDepth)
            {
                throw new FormatException("JSON: more than " + MaxDepth + " levels.");
            }
            _at++;
            DaxJson value = read();
            _depth--;
            return value;
        }

        private DaxJson Object()
        {
            var members = new JsonMembers();
            if (Skip('}'))
            {
                return DaxJson.Of(members);
            }
            do
            {
                if (Peek() != '"')
                {
                    throw Wrong("a name");
                }
                string name = String();
                Expect(':');
                members.Add(name, Value());
            }
            while (Skip(','));
            Expect('}');
            return DaxJson.Of(members);
        }

        private DaxJson List()
        {
            var items = new List<DaxJson>();
            if (Skip(']'))
            {
                return DaxJson.Of(items);
            }
            do
            {
                items.Add(Value());
            }
            while (Skip(','));
            Expect(']');
            return DaxJson.Of(items);
        }

        private string String()
        {
            var text = new StringBuilder();
            _at++;
            while (true)
            {
                char character = Next();
                if (character == '"')
                {
                    return text.ToString();
                }
                if (character < ' ')
                {
                    throw Wrong("a text without control characters");
                }
                text.Append(character == '\\' ? Escaped() : character);
            }
        }

        private char Escaped()
        {
            char character = Next();
            switch (character)
            {
                case 'b': return '\b';
                case 'f': return '\f';
                case 'n': return '\n';
                case 'r': return '\r';
                case 't': return '\t';
                case '"':
                case '\\':
                case '/': return character;
                case 'u': return Unicode();
                default: throw Wrong("an escape");
            }
        }

        private char Unicode()
        {
            const int Digits = 4;
            ushort value;
            if (_at + Digits > _text.Length || !ushort.TryParse(
                _text.Substring(_at, Digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value))
            {
                throw Wrong("four hexadecimal digits");
            }
            _at += Digits;
            return (char)value;
        }

        private DaxJson Number()
        {
            int start = _at;
            Step('-');
            if (!Step('0'))
            {
                Digits();
            }
            if (Step('.'))
            {
                Digits();
            }
            if (Step('e') || Step('E'))
            {
                if (!Step('+'))
                {
                    Step('-');
                }
                Digits();
            }
            return DaxJson.Of(new JsonNumber(_text.Substring(start, _at - start)));
        }

        private void Digits()
        {
            int start = _at;
            while (_at < _text.Length && _text[_at] >= '0' && _text[_at] <= '9')
            {
                _at++;
            }
            if (_at == start)
            {
                throw Wrong("a value");
            }
        }

        private DaxJson Word(string word, DaxJson value)
        {
            if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0)
            {
                throw Wrong("a value");
            }
            _at += word.Length;
            return value;
        }

        /// <summary>The next character that is no blank; NUL at the end.</summary>
        private char Peek()
        {
            while (_at < _text.Length && " \t\r\n".IndexOf(_text[_at]) >= 0)
            {
                _at++;
            }
            return _at < _text.Length ? _text[_at] : '\0';
        }

        private char Next()
        {
            if (_at >= _text.Length)
            {
                throw Wrong("the end of a text");
            }
            return _text[_at++];
        }

        private bool Skip(char character)
        {
            Peek();
            return Step(character);
        }

        private bool Step(char character)
        {
            bool there = _at < _text.Length && _text[_at] == character;
            if (there)
            {
                _at++;
            }
            return there;
        }

        private void Expect(char character)
        {
            if (!Skip(character))
            {
                throw Wrong("`" + character + "`");
            }
        }

        private FormatException Wrong(string wanted)
        {
            return new FormatException("JSON: " + wanted + " is missing at character " + _at + ".");
        }
    }
}
