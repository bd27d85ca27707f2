using System.Runtime.CompilerServices;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>Reads JSON as RFC 8259 has it, nothing looser. It does not call itself, so that no text is too deep for the stack.</summary>
internal sealed class JsonParser
{
    // Tensor lists have four; the files that dumps are made of hold arrays in arrays at most.
    private const int MostDepth = 64;

    private readonly string _text;
    private readonly ListFaults _faults;
    private readonly Stack<int> _open = new();
    private readonly JsonText _json;
    private int _at;

    private JsonParser(string text, ListFaults faults) => (_text, _faults, _json) = (text, faults, new(text));

    /// <summary>Reads a text.</summary>
    /// <returns>Null where it is no JSON; the fault is added. Members whose name stood before are faults and remain.</returns>
    public static JsonText? Parse(string text, ListFaults faults)
    {
        var parser = new JsonParser(text, faults);
        return parser.Parse() ? parser._json : null;
    }

    [MethodImpl(Hot.Loop)]
    private bool Parse()
    {
        while (true)
        {
            // Here a value has to stand.
            Skip();
            var c = Peek();
            if (c is '{' or '[')
            {
                if (_open.Count == MostDepth) return Fault($"This is nested more than {MostDepth} deep", 1);
                _open.Push(_json.Count);
                _json.Add(c == '{' ? JsonKind.Object : JsonKind.Array, _at, 0, false);
                _at++;
                Skip();
                if (Peek() != (c == '{' ? '}' : ']'))
                {
                    if (c == '{' && !Name()) return false;
                    continue;
                }
                Close();
            }
            else if (!Scalar(c))
            {
                return false;
            }
            // Here a value has ended.
            while (true)
            {
                Skip();
                if (_open.Count == 0) return _at == _text.Length || Fault("Something follows the end", 1);
                var isObject = _json[_open.Peek()].Kind == JsonKind.Object;
                c = Peek();
                if (c == ',')
                {
                    _at++;
                    Skip();
                    if (isObject && !Name()) return false;
                    break;
                }
                if (c != (isObject ? '}' : ']')) return Fault(isObject ? "A ',' or '}' is missing" : "A ',' or ']' is missing", 1);
                Close();
            }
        }
    }

    // The end of the text is no character that JSON has.
    private char Peek() => _at < _text.Length ? _text[_at] : '\0';

    [MethodImpl(Hot.Loop)]
    private void Skip()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\n' or '\r' or '\t') _at++;
    }

    private bool Fault(string message, int length)
    {
        var isEnd = _at >= _text.Length;
        _faults.Add($"This is not JSON. {message}{(isEnd ? ": the text ends here." : ".")}", Math.Min(_at, _text.Length), isEnd ? 0 : length);
        return false;
    }

    [MethodImpl(Hot.Loop)]
    private bool Name()
    {
        if (Peek() != '"') return Fault("The name of a member has to stand here, in quotes", 1);
        if (!String()) return false;
        Skip();
        if (Peek() != ':') return Fault("A ':' is missing", 1);
        _at++;
        return true;
    }

    [MethodImpl(Hot.Loop)]
    private void Close()
    {
        var node = _open.Pop();
        _at++;
        var (kind, start) = (_json[node].Kind, _json[node].Start);
        _json[node] = new(kind, start, _at - start, _json.Count, false);
        if (kind != JsonKind.Object) return;
        foreach (var name in RepeatedNames.Of(_json, node))
        {
            _json.Repeated.Add(name);
            _faults.Add($"'{_json.String(name)}' stands twice in one object.", _json[name].Start, _json[name].Length);
        }
    }

    [MethodImpl(Hot.Loop)]
    private bool Scalar(char c)
    {
        if (c == '"') return String();
        if (c is '-' or (>= '0' and <= '9')) return Number();
        foreach (var word in (string[])["true", "false", "null"])
        {
            if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0) continue;
            _json.Add(JsonKind.Word, _at, word.Length, false);
            _at += word.Length;
            return true;
        }
        return Fault("A value has to stand here", 1);
    }

    [MethodImpl(Hot.Loop)]
    private bool String()
    {
        var start = ++_at;
        var hasEscapes = false;
        while (true)
        {
            _at = Plain(_text, _at);
            if (_at == _text.Length) return Fault("A string has no end", 0);
            if (_text[_at] == '"') break;
            if (_text[_at] < ' ') return Fault("A string has no line breaks or other control characters", 1);
            hasEscapes = true;
            var length = Escape();
            if (length == 0) return Fault("This is no escape of JSON", 2);
            _at += length;
        }
        _json.Add(JsonKind.String, start, _at - start, hasEscapes);
        _at++;
        return true;
    }

    // Where the characters end that stand in a string for themselves.
    [MethodImpl(Hot.Loop)]
    private static int Plain(string text, int at)
    {
        while (at < text.Length && text[at] is not ('"' or '\\') && text[at] >= ' ') at++;
        return at;
    }

    // How long the escape here is; 0 for none.
    private int Escape()
    {
        if (_at + 1 >= _text.Length) return 0;
        if (_text[_at + 1] != 'u') return "\"\\/bfnrt".IndexOf(_text[_at + 1]) >= 0 ? 2 : 0;
        if (_at + 6 > _text.Length) return 0;
        for (var i = _at + 2; i < _at + 6; i++)
            if (_text[i] is not ((>= '0' and <= '9') or (>= 'a' and <= 'f') or (>= 'A' and <= 'F'))) return 0;
        return 6;
    }

    [MethodImpl(Hot.Loop)]
    private bool Number()
    {
        var start = _at;
        if (Peek() == '-') _at++;
        var digits = _at;
        if (!Digits()) return Fault("A number needs a digit here", 1);
        if (_text[digits] == '0' && _at > digits + 1)
        {
            _at = digits;
            return Fault("A number has no zeros before it", 1);
        }
        if (Peek() == '.')
        {
            _at++;
            if (!Digits()) return Fault("A number needs a digit here", 1);
        }
        if (Peek() is 'e' or 'E')
        {
            _at++;
            if (Peek() is '+' or '-') _at++;
            if (!Digits()) return Fault("A number needs a digit here", 1);
        }
        _json.Add(JsonKind.Number, start, _at - start, false);
        return true;
    }

    [MethodImpl(Hot.Loop)]
    private bool Digits()
    {
        var start = _at;
        while (NameSlot.IsDigit(Peek())) _at++;
        return _at > start;
    }
}
