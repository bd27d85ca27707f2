using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>Gathers the tensors of a list that has one entry for each, and folds them.</summary>
internal sealed class FlatTensors(JsonText json, ListFaults faults, bool isInnermostFirst)
{
    private readonly ListFolding _folding = new();
    private readonly List<(int Name, int Type, int Shape)> _tensors = [];
    private readonly ShapeReader _reader = new(json, faults);

    // Kinds by how type and shape are written, and by what they are: few are ever read.
    private readonly TextTable _written = new();
    private readonly List<int> _kinds = [];
    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);
    private readonly List<(string? Type, ImmutableArray<long> Shape)> _read = [];
    private readonly List<int> _kindOf = [];
    private char[] _buffer = new char[256];

    /// <summary>Adds a tensor.</summary>
    /// <param name="name">The node of its name.</param>
    /// <param name="type">The node of its type; -1 where the list has none.</param>
    /// <param name="shape">The node of its shape; -1 where the list has none.</param>
    [MethodImpl(Hot.Loop)]
    public void Add(int name, int type, int shape)
    {
        var kind = Kind(type, shape);
        if (kind < 0) return;
        _tensors.Add((name, type, shape));
        _kindOf.Add(kind);
        if (json[name].HasEscapes)
        {
            var text = json.String(name);
            _folding.Add(text, 0, text.Length, kind);
        }
        else
        {
            _folding.Add(json.Text, json[name].Start, json[name].Length, kind);
        }
    }

    /// <summary>The rows in the order of the list.</summary>
    public IEnumerable<ListedTensor> Rows()
    {
        foreach (var (names, first) in _folding.Fold(Repeated))
        {
            var (name, type, shape) = _tensors[first];
            var (typeName, sizes) = _read[_kindOf[first]];
            yield return ListedTensor.Read(json, names, name, type, typeName, shape, sizes);
        }
    }

    private void Repeated(int tensor)
    {
        var name = _tensors[tensor].Name;
        faults.Add($"'{json.String(name)}' is listed twice.", json[name].Start, json[name].Length);
    }

    // The kind of a tensor; -1 for one that cannot be read.
    [MethodImpl(Hot.Loop)]
    private int Kind(int type, int shape)
    {
        var length = 0;
        if (type >= 0)
        {
            Append(type, ref length);
            Append(shape, ref length);
        }
        var written = _written.Intern(_buffer, length);
        if (written == _kinds.Count) _kinds.Add(Read(type, shape));
        return _kinds[written];
    }

    [MethodImpl(Hot.Loop)]
    private void Append(int node, ref int length)
    {
        var (start, count) = (json[node].Start, json[node].Length);
        if (_buffer.Length < length + count + 1) Array.Resize(ref _buffer, (length + count + 1) * 2);
        json.Text.CopyTo(start, _buffer, length, count);
        length += count;
        _buffer[length++] = '\n';
    }

    private int Read(int type, int shape)
    {
        var read = type < 0 ? (null, default) : (Type: _reader.Type(type), Shape: _reader.Shape(shape, isInnermostFirst));
        if (type >= 0 && (read.Type is null || read.Shape.IsDefault)) return -1;
        var known = type < 0 ? "" : $"{read.Type}\n{string.Join(",", read.Shape)}";
        if (_known.TryGetValue(known, out var kind)) return kind;
        _read.Add(read);
        _known.Add(known, _read.Count - 1);
        return _read.Count - 1;
    }
}
