using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Lanyard.Arithmetic;
using Lanyard.Checkpoints;
using Lanyard.Encodings;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Encodings;

/// <summary>An encoding of random layouts, blocks and arithmetic over random bytes, and each of its values one by one, written as plainly as can be.</summary>
internal sealed partial class RandomEncoding
{
    private static readonly CheckpointType[] Floats =
    [
        CheckpointType.F8_E4M3, CheckpointType.F8_E5M2, CheckpointType.F8_E8M0, CheckpointType.F8_E4M3FNUZ, CheckpointType.F8_E5M2FNUZ,
        CheckpointType.F16, CheckpointType.BF16, CheckpointType.F32,
    ];

    private static readonly CheckpointType[] Integers = [CheckpointType.U8, CheckpointType.I8, CheckpointType.I16, CheckpointType.U16, CheckpointType.I32, CheckpointType.U32, CheckpointType.I64];

    private static readonly float[] E2M1 = [0, .5f, 1, 1.5f, 2, 3, 4, 6, -0f, -.5f, -1, -1.5f, -2, -3, -4, -6];

    private readonly Random _random;
    private readonly ImmutableArray<long> _axes;
    private readonly List<Stored> _companions = [];
    private readonly Stored _codes;
    private readonly ValueExpression _expression;

    public RandomEncoding(int seed)
    {
        _random = new Random(seed);
        Shape = [.. Enumerable.Range(0, _random.Next(1, 5)).Select(d => (long)(d == 0 && _random.Next(4) == 0 ? _random.Next(1000, 1700) : _random.Next(1, 40) / (_random.Next(3) + 1) + 1)).Reverse()];
        while (Shape.Aggregate(1L, (count, size) => count * size) > 5500) Shape = Shape[1..];
        var isFlat = _random.Next(6) == 0;
        _axes = isFlat ? [Shape.Aggregate(1L, (count, size) => count * size)] : Shape;
        var layout = RandomLayout(_axes, out var type);
        _codes = new Stored(new CompanionEncoding("code", "", layout), type, _axes, _random);
        var index = _random.Next(3) == 0 ? AddIndex() : -1;
        for (var i = _random.Next(3); i >= 0; i--) AddCompanion($"c{_companions.Count}", index);
        _companions.Add(new Stored(new CompanionEncoding("table", "", new CodeLayout(CodeType.Number)), Pick(Floats.Concat(Integers)), [64], _random));
        var text = Expression(3, whole: false);
        if (!text.Contains("code", StringComparison.Ordinal)) text = _random.Next(2) == 0 ? $"code * ({text})" : $"({text}) - code";
        Assert.True(ValueExpression.TryParse(text, out var expression, out var error), $"{error}");
        _expression = expression!;
        Encoding = new ValueEncoding("Random", "", layout, text) { Flat = isFlat, Companions = [.. _companions.Select(stored => stored.Companion)] };
    }

    public ImmutableArray<long> Shape { get; }

    public ValueEncoding Encoding { get; }

    public long Count => _codes.Count;

    public EncodedValues Decoder() => new(Encoding, Shape, _codes.Tensor, [.. _companions.Select(stored => stored.Tensor)], [.. _companions.Select(stored => stored.Companion.Covers.Length - 1)]);

    public override string ToString() => $"{Encoding.Value} of {Encoding.Layout} {string.Join(' ', Encoding.Layout.Order)} and {string.Join("; ", Encoding.Companions.Select(c => $"{c.Name} {c.Layout} \"{string.Join('|', c.Covers)}\" {c.Through}"))} in [{string.Join(", ", Shape)}]{(Encoding.Flat ? ", flat" : "")}";

    /// <summary>A value, or null where a whole number of its computation does not fit 64 bits.</summary>
    public float? Value(long position)
    {
        var place = new long[_axes.Length];
        for (var (d, rest) = (place.Length - 1, position); d >= 0; rest /= _axes[d--]) place[d] = rest % _axes[d];
        return Evaluate(_expression.Root, position, place) is { } number ? Single(number) : null;
    }

    private static float Single(object number) => number is float single ? single : float.Parse(((BigInteger)number).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private object? Evaluate(ValueTerm term, long position, long[] place)
    {
        switch (term)
        {
            case IntegerTerm number: return (BigInteger)number.Value;
            case FloatTerm number: return number.Value;
            case NameTerm { IsCode: true }: return _codes[position];
            case NameTerm name: return Companion(_companions.Single(stored => stored.Companion.Name == name.Name), place);
            case TableTerm table: return Evaluate(table.Index, position, place) is BigInteger index ? _companions.Single(stored => stored.Companion.Name == table.Name)[(long)index] : null;
        }
        var operation = (OperationTerm)term;
        if (Evaluate(operation.Left, position, place) is not { } left || Evaluate(operation.Right, position, place) is not { } right) return null;
        if (operation.Operator != '/' && left is BigInteger a && right is BigInteger b)
        {
            var whole = operation.Operator switch { '+' => a + b, '-' => a - b, '*' => a * b, _ => a & b };
            return whole >= long.MinValue && whole <= long.MaxValue ? whole : null;
        }
        var (x, y) = (Single(left), Single(right));
        return operation.Operator switch { '+' => x + y, '-' => x - y, '*' => x * y, _ => x / y };
    }

    private object Companion(Stored stored, long[] place)
    {
        var element = 0L;
        var through = _companions.Find(other => other.Companion.Name == stored.Companion.Through);
        if (through is not null && through.All.Contains(-1)) through = null;
        for (var d = 0; d < place.Length; d++)
        {
            var block = stored.Blocks[d] == 0 ? 0 : place[d] / stored.Blocks[d];
            if (through is not null && through.Blocks[d] == 1) block = (long)(BigInteger)Companion(through, place);
            element = (element * stored.Grid[d]) + block;
        }
        return stored[element];
    }

    private int AddIndex()
    {
        // One axis, and as many blocks along it as the companions that are numbered will have.
        var axis = _random.Next(_axes.Length);
        var covers = string.Join(' ', _axes.Select((_, d) => d == axis ? "1" : "*"));
        var stored = new Stored(new CompanionEncoding("index", "", new CodeLayout(CodeType.Number)) { Covers = [covers] }, Pick([CheckpointType.I32, CheckpointType.I64, CheckpointType.U8]), _axes, _random);
        var unordered = _random.Next(5) == 0 && stored.Type != CheckpointType.U8;
        stored.Fill(_ => unordered && _random.Next((int)stored.Count) == 0 ? -1 : _random.Next((int)((_axes[axis] + 2) / 3)));
        _companions.Add(stored);
        return axis;
    }

    private void AddCompanion(string name, int throughAxis)
    {
        var isThrough = throughAxis >= 0 && _random.Next(2) == 0;
        var skipped = isThrough || _random.Next(2) == 0 ? 0 : _random.Next(_axes.Length + 1);
        string Item(int d) => isThrough && d == throughAxis ? "3" : _random.Next(4) switch { 0 => "*", 1 => "1", 2 => $"{_random.Next(1, 9)}", _ => $"{_random.Next(1, (int)_axes[d] + 3)}" };
        var covers = string.Join(' ', Enumerable.Range(skipped, _axes.Length - skipped).Select(Item));
        Assert.True(Covers.TryParse(covers, out var parsed));
        var layout = RandomLayout(parsed!.Grid(_axes), out var type);
        _companions.Add(new Stored(new CompanionEncoding(name, "", layout) { Covers = [covers], Through = isThrough ? "index" : null }, type, _axes, _random));
    }

    private CodeLayout RandomLayout(ImmutableArray<long> shape, out CheckpointType type)
    {
        if (_random.Next(3) == 0)
        {
            type = Pick(Floats.Concat(Integers));
            return new CodeLayout(type == CheckpointType.U8 && _random.Next(2) == 0 ? CodeType.Exponent : CodeType.Number);
        }
        type = Pick([CheckpointType.U8, CheckpointType.I8, CheckpointType.I16, CheckpointType.I32, CheckpointType.I32, CheckpointType.I64]);
        var kind = Pick([CodeType.UInt, CodeType.UInt, CodeType.Int, CodeType.E2M1, CodeType.Exponent]);
        var (bits, axis) = (kind switch { CodeType.E2M1 => 4, CodeType.Exponent => 8, _ => Pick([4, 4, _random.Next(2, 9), _random.Next(1, (type.Size() * 8) + 1)]) }, _random.Next(shape.Length));
        bits = Math.Min(bits, type.Size() * 8);
        var layout = new CodeLayout(kind) { Bits = bits, Word = type.Size() * 8, Axis = axis - shape.Length };
        var run = Pick([1, 1, 2, 4, 8, 16, 3]);
        if (_random.Next(4) == 0) layout = layout with { Block = _random.Next(1, 5) * Pick([1, run, run]) };
        if ((shape[axis] % run == 0 || _random.Next(4) == 0) && run > 1) layout = layout with { Order = [.. Enumerable.Range(0, run).OrderBy(_ => _random.Next())] };
        return layout;
    }

    private string Expression(int depth, bool whole)
    {
        List<string> leaves = [.. _companions.Where(stored => stored.Companion.Name.StartsWith('c') && (!whole || stored.IsWhole)).Select(stored => stored.Companion.Name), $"{_random.Next(20)}"];
        if (!whole || _codes.IsWhole) leaves.AddRange(["code", "code", "code"]);
        if (!whole) leaves.Add(Pick(["0.5", "1e-3", "3.0", "2e38"]));
        if (depth == 0 || _random.Next(5) == 0) return Pick(leaves);
        return _random.Next(whole ? 5 : 8) switch
        {
            0 => $"({Expression(depth - 1, true)} & {Expression(depth - 1, true)})",
            1 or 2 => $"({Expression(depth - 1, whole)} {Pick(["+", "-"])} {Expression(depth - 1, whole)})",
            3 or 4 => $"{Expression(depth - 1, whole)} * {Expression(0, whole)}",
            5 => $"({Expression(depth - 1, false)} / {Expression(depth - 1, false)})",
            6 => $"table[{Expression(depth - 1, true)} & 63]",
            _ => Spaces().Replace($"{Expression(depth - 1, false)} - {Expression(depth - 1, false)}", ""),
        };
    }

    [GeneratedRegex(" ")]
    private static partial Regex Spaces();

    private T Pick<T>(IEnumerable<T> from)
    {
        T[] all = [.. from];
        return all[_random.Next(all.Length)];
    }

    /// <summary>A stored tensor.</summary>
    private sealed class Stored
    {
        private readonly byte[] _bytes;
        private readonly float[] _floats = [];
        private readonly ImmutableArray<long> _shape;

        public Stored(CompanionEncoding companion, CheckpointType type, ImmutableArray<long> axes, Random random)
        {
            (Companion, Type) = (companion, type);
            var covers = companion.Name == "code" ? string.Join(' ', axes.Select(_ => "1")) : companion.Covers.IsEmpty ? "1" : companion.Covers[0];
            Assert.True(Covers.TryParse(covers, out var parsed));
            Blocks = parsed!.Blocks(axes.Length);
            _shape = Grid = companion.Name == "table" ? axes : parsed.Grid(axes);
            Count = Grid.Aggregate(1L, (count, size) => count * size);
            var layout = companion.Layout;
            var words = layout.Bits == 0 ? Count : Count / Packed * Words;
            Tensor = torch.empty([words], dtype: type.ToScalarType());
            _bytes = new byte[words * type.Size()];
            random.NextBytes(_bytes);
            _bytes.CopyTo(Tensor.bytes);
            if (layout.Type == CodeType.Number && type.IsFloatingPoint()) _floats = Tensor.to(ScalarType.Float32).data<float>().ToArray();
        }

        public CompanionEncoding Companion { get; }

        public CheckpointType Type { get; }

        public Tensor Tensor { get; }

        public ImmutableArray<long> Blocks { get; }

        public ImmutableArray<long> Grid { get; }

        public long Count { get; }

        public bool IsWhole => Companion.Layout.Type is CodeType.UInt or CodeType.Int || (Companion.Layout.Type == CodeType.Number && _floats.Length == 0);

        public IEnumerable<BigInteger> All => Enumerable.Range(0, (int)Count).Select(i => (BigInteger)this[i]);

        private long Packed => _shape[_shape.Length + Companion.Layout.Axis];

        private long Block => Companion.Layout.Block == 0 ? Packed : Companion.Layout.Block;

        private long Words => (Packed + Block - 1) / Block * WordsOfBlock;

        private long WordsOfBlock => ((Block * Companion.Layout.Bits) + Companion.Layout.Word - 1) / Companion.Layout.Word;

        public object this[long i]
        {
            get
            {
                var layout = Companion.Layout;
                if (_floats.Length > 0) return _floats[i];
                var size = Type.Size() * 8;
                var bits = layout.Bits == 0 ? size : layout.Bits;
                BigInteger code = 0;
                if (layout.Bits == 0)
                {
                    for (var bit = 0; bit < bits; bit++) code += Bit((i * bits) + bit) ? BigInteger.One << bit : 0;
                }
                else
                {
                    var inner = _shape[(_shape.Length + layout.Axis + 1)..].Aggregate(1L, (count, axis) => count * axis);
                    var (outer, along, across) = (i / inner / Packed, i / inner % Packed, i % inner);
                    var (block, place) = (along / Block, along % Block);
                    if (!layout.Order.IsEmpty) place = (place / layout.Order.Length * layout.Order.Length) + layout.Order[(int)(place % layout.Order.Length)];
                    for (var bit = 0; bit < bits; bit++)
                    {
                        var at = (place * bits) + bit;
                        var word = (((outer * Words) + (block * WordsOfBlock) + (at / size)) * inner) + across;
                        code += Bit((word * size) + (at % size)) ? BigInteger.One << bit : 0;
                    }
                }
                var isSigned = layout.Type == CodeType.Int || (layout.Type == CodeType.Number && Type is CheckpointType.I8 or CheckpointType.I16 or CheckpointType.I32 or CheckpointType.I64);
                return layout.Type switch
                {
                    CodeType.E2M1 => E2M1[(int)code],
                    CodeType.Exponent => code == 255 ? float.NaN : (float)Math.Pow(2, (double)code - 127),
                    _ => isSigned && code >> (bits - 1) == 1 ? code - (BigInteger.One << bits) : code,
                };
            }
        }

        /// <summary>Writes whole numbers in place of random bytes.</summary>
        public void Fill(Func<long, long> number)
        {
            for (var i = 0L; i < Count; i++) BitConverter.GetBytes(number(i)).AsSpan(0, Type.Size()).CopyTo(_bytes.AsSpan((int)i * Type.Size()));
            _bytes.CopyTo(Tensor.bytes);
        }

        private bool Bit(long at) => ((_bytes[at / 8] >> (int)(at % 8)) & 1) == 1;
    }
}
