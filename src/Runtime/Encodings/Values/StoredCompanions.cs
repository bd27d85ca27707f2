using System.Collections.Immutable;
using System.Text.Json;
using Lanyard.Arithmetic;
using TorchSharp;

namespace Lanyard.Encodings.Values;

/// <summary>The companions of an encoding's codes: their numbers, and which of them covers a position.</summary>
internal sealed unsafe class StoredCompanions
{
    private readonly ValueEncoding _encoding;
    private readonly ImmutableArray<long> _whole;
    private readonly IReadOnlyList<torch.Tensor?> _tensors;
    private readonly IReadOnlyList<int> _covers;
    private readonly Dictionary<string, int> _places = [];
    private readonly List<Covering> _coverings = [];
    private readonly List<StoredNumbers> _numbers = [];
    private ImmutableArray<long> _shape;

    /// <summary>Finds out what covers what.</summary>
    /// <param name="encoding">How the values are stored.</param>
    /// <param name="shape">The shape of the values, of at least one axis.</param>
    /// <param name="tensors">The companions; null for one that is absent.</param>
    /// <param name="covers">Which alternative of <see cref="CompanionEncoding.Covers"/> each of them is, or -1.</param>
    /// <param name="used">The names of those that are asked for.</param>
    public StoredCompanions(ValueEncoding encoding, ImmutableArray<long> shape, IReadOnlyList<torch.Tensor?> tensors, IReadOnlyList<int> covers, IEnumerable<string> used)
    {
        (_encoding, _whole, _shape, _tensors, _covers) = (encoding, shape, shape, tensors, covers);
        foreach (var name in used) Add(name);
        for (var axis = _shape.Length - 2; axis >= 0; axis--)
        {
            if (_coverings.TrueForAll(covering => covering.Merges(axis, _shape))) Merge(axis);
        }
    }

    /// <summary>The shape of the values, of axes that no companion tells apart.</summary>
    public ImmutableArray<long> Shape => _shape;

    /// <summary>What each companion that is asked for covers.</summary>
    public IReadOnlyList<Covering> Coverings => _coverings;

    /// <summary>The number that a companion has for a position.</summary>
    public ValueNode Number(string name)
    {
        var i = Find(name);
        if (_tensors[i] is null) return Absent(_encoding.Companions[i]);
        if (_encoding.Companions[i].Layout.Type == CodeType.Json) return new ConstantNode(Field(i));
        var place = _places[name];
        var covering = _coverings[place];
        return IsScattered(covering) ? new ThroughNode(_numbers[place], covering, place, _coverings[covering.NumbersPlace]) : new StoredNode(_numbers[place], covering.Grain, place);
    }

    /// <summary>The elements of a companion that is a table.</summary>
    public StoredNumbers Table(string name)
    {
        var i = Find(name);
        var layout = _encoding.Companions[i].Layout;
        var (count, word) = (_tensors[i]!.numel(), layout.Bits == 0 ? 1 : layout.Word);
        return new StoredNumbers(layout, [layout.Bits == 0 ? count : count * word / layout.Bits], _tensors[i]!);
    }

    /// <summary>The elements with which the blocks of a row begin.</summary>
    /// <param name="row">The place along each axis; zero along the last.</param>
    /// <param name="bases">Filled: the element for each covering.</param>
    public void Bases(ReadOnlySpan<long> row, Span<long> bases)
    {
        for (var i = 0; i < bases.Length; i++) bases[i] = _coverings[i].Base(row);
        for (var i = 0; i < bases.Length; i++)
        {
            var covering = _coverings[i];
            if (covering.ThroughAxis >= 0 && !IsScattered(covering)) bases[i] = covering.Base(bases[i], bases[covering.NumbersPlace]);
        }
    }

    private bool IsScattered(Covering covering) =>
        covering.ThroughAxis >= 0 && (covering.ThroughAxis == _shape.Length - 1 || _coverings[covering.NumbersPlace].Grain != Covers.Whole);

    private int Find(string name)
    {
        for (var i = 0; i < _encoding.Companions.Length; i++)
        {
            if (_encoding.Companions[i].Name == name) return i;
        }
        throw new ArgumentException($"The encoding {_encoding.Name} has no companion {name}.", nameof(name));
    }

    private int Add(string name)
    {
        if (_places.TryGetValue(name, out var place)) return place;
        var i = Find(name);
        var companion = _encoding.Companions[i];
        if (companion.Layout.Type == CodeType.Json || _tensors[i] is null) return -1;
        if (_covers[i] < 0 || !Covers.TryParse(companion.Covers[_covers[i]], out var covers) || covers!.Axes > _whole.Length)
            throw new ArgumentException($"What {name} covers is not known.", nameof(name));
        var covering = Covering.Of(covers, _whole);
        var numbers = new StoredNumbers(companion.Layout, covering.Grid, _tensors[i]!);
        if (companion.Through is not null) covering = Through(covering, covers, Add(companion.Through), companion.Through);
        _places.Add(name, place = _coverings.Count);
        _coverings.Add(covering);
        _numbers.Add(numbers);
        return place;
    }

    private Covering Through(Covering covering, Covers covers, int place, string index)
    {
        // By what is declared: of an axis of one position any block is the whole.
        if (!Covers.TryParse(_encoding.Companions[Find(index)].Covers[_covers[Find(index)]], out var by) || covers.Through(by!, _whole.Length) is not { } axis)
            throw new ArgumentException("A companion that numbers blocks has a number for each position of one axis.");
        var numbers = Whole(_numbers[place]);
        if (numbers.Contains(-1)) return covering;
        var count = covering.Grid[axis];
        if (numbers.FirstOrDefault(number => number < 0 || number >= count, -1) is var wrong and not -1) throw Outside(wrong, count);
        return covering.Through(axis, numbers, place);
    }

    private static InvalidDataException Outside(long number, long count) => new($"the number of a block is {number}, and there are {count}");

    private static ImmutableArray<long> Whole(StoredNumbers stored)
    {
        if (stored.Kind == NumberKind.Single) throw new InvalidDataException("the numbers of blocks are not whole");
        var numbers = new long[stored.Count];
        fixed (long* to = numbers)
        {
            for (var i = 0; i < numbers.Length; i += ValueChunk.Most)
            {
                var count = Math.Min(ValueChunk.Most, numbers.Length - i);
                _ = stored.Read(i, count, (byte*)(to + i));
                if (stored.Kind != NumberKind.Int32) continue;
                for (var j = count - 1; j >= 0; j--) to[i + j] = ((int*)(to + i))[j];
            }
        }
        return [.. numbers];
    }

    private void Merge(int axis)
    {
        for (var i = 0; i < _coverings.Count; i++) _coverings[i] = _coverings[i].Merge(axis, _shape);
        _shape = [.. _shape[..axis], _shape[axis] * _shape[axis + 1], .. _shape[(axis + 2)..]];
    }

    // Of codes of whole numbers it is one, so that arithmetic with it stays exact.
    private static ConstantNode Absent(CompanionEncoding companion)
    {
        var absent = companion.Absent ?? throw new ArgumentException($"The companion {companion.Name} is not there, and may not stay away.", nameof(companion));
        return companion.Layout.Type is CodeType.Int or CodeType.UInt && absent == Math.Truncate(absent) ? new ConstantNode((long)absent) : new ConstantNode((float)absent);
    }

    private float Field(int companion)
    {
        var (tensor, field) = (_tensors[companion]!, _encoding.Companions[companion].Field);
        if (tensor.element_size() != 1) throw new ArgumentException("JSON is stored in bytes.");
        var text = tensor.numel() == 0 ? [] : new ReadOnlySpan<byte>((void*)TensorAddress.Of(tensor), checked((int)tensor.numel()));
        var found = default(float?);
        try
        {
            var reader = new Utf8JsonReader(text);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new InvalidDataException("it is not a JSON object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isField = reader.ValueTextEquals(field);
                reader.Read();
                if (!isField) reader.Skip();
                else if (found is not null) throw new InvalidDataException($"its JSON has \"{field}\" twice");
                else if (reader.TokenType != JsonTokenType.Number || !reader.TryGetSingle(out var number) || !float.IsFinite(number)) throw new InvalidDataException($"\"{field}\" of its JSON is not a number that float32 has");
                else found = number;
            }
            while (reader.Read()) { }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException("it is not JSON", error);
        }
        GC.KeepAlive(tensor);
        return found ?? throw new InvalidDataException($"its JSON has no \"{field}\"");
    }
}
