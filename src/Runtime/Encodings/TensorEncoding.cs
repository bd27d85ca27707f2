using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Lanyard.Arithmetic;
using Lanyard.Encodings.Gguf;
using Lanyard.Memory;
using TorchSharp;

namespace Lanyard.Encodings;

/// <summary>How the elements of a checkpoint tensor are stored, of any shape: what must be undone before the layout is applied.</summary>
/// <param name="Declared">What is declared; null where elements are stored as they are.</param>
internal sealed record TensorEncoding(ValueEncoding? Declared)
{
    /// <summary>Elements that are stored as they are.</summary>
    public static readonly TensorEncoding Plain = new((ValueEncoding?)null);

    // As gpt-oss stores MXFP4.
    private const int Mxfp4Block = 32;

    private const long MostValues = long.MaxValue / 64;

    // Read once, for they are asked of every tensor of scales.
    private static readonly ConditionalWeakTable<CompanionEncoding, Covers?[]> Known = [];

    /// <summary>Whether a source adds a number to all values: what made them differ may be gone in a type that does not hold the sum.</summary>
    public bool IsShifted { get; init; }

    /// <summary>Whether elements are stored as they are.</summary>
    public bool IsPlain => Declared is null;

    /// <summary>Whether each element is decoded by itself, so that a part of the tensor can be.</summary>
    public bool HasParts => Declared is null or { Companions: [], Layout.Bits: 0, Flat: false };

    /// <summary>The tensors beside the codes.</summary>
    public ImmutableArray<CompanionEncoding> Companions => Declared?.Companions ?? [];

    /// <summary>Whether blocks of a file, which say themselves how they are decoded, can be stored in place of the codes.</summary>
    private bool IsBare => Companions.IsEmpty && (Declared is null || Declared.Layout.Type == CodeType.Number);

    /// <summary>How a source says that its elements are stored; the older, short spellings are spelled out.</summary>
    public static TensorEncoding Of(CheckpointSource source)
    {
        if (source.Encoding is { } declared) return new(declared);
        if (source is { Scale: null, Packing: Packing.None, Offset: 0 }) return Plain;
        var packed = source.Packing == Packing.Mxfp4;
        var offset = source.Offset == 0 ? "" : $" {(source.Offset < 0 ? '-' : '+')} {Text(Math.Abs((float)source.Offset))}";
        var block = source.BlockSize.ToString(CultureInfo.InvariantCulture);
        ImmutableArray<string> covers = packed ? ["32"] : source.BlockSize > 0 ? [$"{block} {block}"] : ["", "1 *"];
        return new(new ValueEncoding(
            packed ? "MXFP4" : source.Scale is null ? "numbers with an offset" : "numbers with scales",
            "",
            packed ? new CodeLayout(CodeType.E2M1) { Bits = 4, Word = 8, Block = Mxfp4Block } : new CodeLayout(CodeType.Number),
            (source.Scale is null ? "code" : "code * scale") + offset)
        {
            Companions = source.Scale is null ? [] : [new CompanionEncoding("scale", "", new CodeLayout(packed ? CodeType.Exponent : CodeType.Number)) { Covers = covers }],
        })
        { IsShifted = source.Offset != 0 };
    }

    /// <summary>What a source says of its encoding that does not go together, or null.</summary>
    public static string? Fault(CheckpointSource source) => source switch
    {
        { Offset: not 0 and var offset } when !IsSingle(offset) => $"an Offset of {offset.ToString(CultureInfo.InvariantCulture)} is no number of float32, in which values are computed: {Text((float)offset)} is the nearest.",
        { Encoding: not null, BlockSize: 0, Packing: Packing.None, Offset: 0 } => null,
        { Encoding: not null } => "BlockSize, Packing and Offset have no place beside an Encoding, which says it all.",
        { Packing: Packing.Mxfp4, Scale: null } => "MXFP4 needs a Scale.",
        { Packing: Packing.Mxfp4, BlockSize: not 0 } => $"the blocks of MXFP4 have {Mxfp4Block} elements; BlockSize has no place here.",
        { BlockSize: < 0 } => $"a BlockSize of {source.BlockSize}.",
        { BlockSize: > 0, Scale: null } => "a BlockSize needs a Scale.",
        _ => null,
    };

    /// <summary>Why elements of a shape cannot be stored like this, or null.</summary>
    public string? Fault(ImmutableArray<long> shape)
    {
        if (Declared is null) return null;
        if (EncodingFaults.Of(Declared) is { } contradiction) return contradiction + ".";

        // A file may say anything, and bits are counted in 64 bits.
        if (shape.Aggregate((Int128)1, (count, size) => count > MostValues ? count : count * size) > MostValues) return $"{Shapes.Text(shape)} are more values than are decoded.";
        if (Packed(Declared.Layout, Axes(shape)) is null)
            return $"{Shapes.Text(shape)} cannot be stored as {Declared.Name}: {(Declared.Layout.Block > 0 ? $"axis {Declared.Layout.Axis} is not a multiple of {Declared.Layout.Block}" : $"there is no axis {Declared.Layout.Axis} to pack")}.";
        foreach (var companion in Companions)
        {
            if (companion.Covers.IsEmpty || companion.Layout.Type == CodeType.Json) continue;
            var readings = Enumerable.Range(0, companion.Covers.Length).Where(i => Stored(companion, i, shape) is not null).ToLookup(i => string.Join(' ', Stored(companion, i, shape)!.Value.Where(size => size != 1)), i => companion.Covers[i]);
            if (readings.Count == 0) return $"{Shapes.Text(shape)} has not the axes for blocks of \"{string.Join("\" or \"", companion.Covers)}\", {companion.Name} of {Declared.Name}.";

            // Where a block is as large as its axis, two texts may say the same.
            if (readings.FirstOrDefault(alike => alike.Select(covers => Meaning(covers, shape)).Distinct().Count() > 1) is { } several)
                return $"{Shapes.Text(shape)} does not tell what {companion.Name} of {Declared.Name} covers: \"{string.Join("\" and \"", several)}\" are stored in one shape.";
            if (companion.Through is { } through && readings.SelectMany(alike => alike).FirstOrDefault(covers => Read(covers).Through(Read(Companions.First(other => other.Name == through).Covers[0]), Axes(shape).Length) is null) is { } wrong)
                return $"{Shapes.Text(shape)} has not one axis along which {through} of {Declared.Name} has the numbers of the blocks \"{wrong}\".";
        }
        return null;
    }

    /// <summary>The shape that is stored for elements of a shape that has no fault.</summary>
    public ImmutableArray<long> StoredShape(ImmutableArray<long> shape) => Declared is null ? shape : Packed(Declared.Layout, Axes(shape))!.Value;

    /// <summary>Whether a shape is one in which codes are stored. Of flattened ones it is the order of the elements that counts; a scalar may be a vector of one element.</summary>
    public bool TakesShape(ImmutableArray<long> stored, ImmutableArray<long> expected) =>
        stored.AsSpan().SequenceEqual(expected.AsSpan()) || (expected.IsEmpty && stored is [1]) || (Declared is { Flat: true } && Same(stored, expected));

    /// <summary>The shapes that a companion of elements of a shape may have, for messages; none for a table and for JSON.</summary>
    public ImmutableArray<ImmutableArray<long>> CompanionShapes(int companion, ImmutableArray<long> shape) =>
    [
        .. from i in Enumerable.Range(0, Companions[companion].Covers.Length)
           let grid = Stored(Companions[companion], i, shape)
           where grid is not null
           from expected in ReadAll(Companions[companion])[i]!.Shapes(grid.Value)
           select expected,
    ];

    /// <summary>Which of its alternatives a companion of a shape covers; -1 where it covers nothing, being a table or JSON, and null where its shape is wrong.</summary>
    public int? CoversOf(int companion, ImmutableArray<long> stored, ImmutableArray<long> shape)
    {
        var declared = Companions[companion];
        if (declared.Layout.Type == CodeType.Json) return -1;
        if (declared.Covers.IsEmpty) return stored.Length == 1 ? -1 : null;
        for (var i = 0; i < declared.Covers.Length; i++)
        {
            if (Stored(declared, i, shape) is { } grid && ReadAll(declared)[i]!.Takes(grid, stored)) return i;
        }
        return null;
    }

    /// <summary>Whether elements stored with a type can be decoded, for a parameter of another type.</summary>
    public bool Takes(StoredType stored, torch.ScalarType parameter, bool narrow)
    {
        // However the numbers are stored to which it is added, in codes or in blocks of a file.
        if (IsShifted && !ElementTypes.Fits(torch.ScalarType.Float32, parameter, narrow)) return false;
        if (stored.Blocks is { } blocks) return IsBare && ElementTypes.IsFloat(parameter) && GgufBlocks.Decodes(blocks);
        if (Declared is null) return ElementTypes.Fits(stored.Scalar, parameter, narrow);
        if (!ElementTypes.IsFloat(parameter)) return false;

        // What is computed has a type, too: a sum of BF16 and one is a float32, and fewer digits are taken only where somebody has said so.
        return StoredCodes.Takes(Declared.Layout, stored.Scalar)
            || (IsBare && stored.Scalar != torch.ScalarType.Float64 && ElementTypes.Fits(stored.Scalar, torch.ScalarType.Float32, narrow: false) && ElementTypes.Fits(torch.ScalarType.Float32, parameter, narrow));
    }

    /// <summary>Whether a companion may be stored with a type.</summary>
    public bool TakesCompanion(int companion, StoredType stored) => stored.Blocks is null && StoredCodes.TakesCompanion(Companions[companion].Layout, stored.Scalar);

    /// <summary>What a tensor and a parameter should be, for messages.</summary>
    public string Expected(torch.ScalarType parameter) =>
        Declared is not null && !ElementTypes.IsFloat(parameter) ? $"a parameter of floating-point type, not {ElementTypes.Name(parameter)}"
        : Declared is null ? ElementTypes.Name(parameter)
        : (IsBare || IsShifted) && !ElementTypes.Fits(torch.ScalarType.Float32, parameter, narrow: false) ? $"a parameter of F32, in which values are computed: {ElementTypes.Name(parameter)} may lose bits of them, and takes them only where the source has Cast or the load AllowNarrowing"
        : IsBare ? ElementTypes.Name(torch.ScalarType.Float32)
        : StoredCodes.Expected(Declared.Layout);

    /// <summary>Makes the values readable of which all parts are there.</summary>
    /// <param name="shape">Their shape.</param>
    /// <param name="codes">The codes, whole, contiguous, of a shape and type that were admitted.</param>
    /// <param name="companions">The tensors beside them, in order, and as the codes; null for one that is absent.</param>
    /// <exception cref="InvalidDataException">What is in a companion contradicts the encoding.</exception>
    public IDecodedValues Decode(ImmutableArray<long> shape, torch.Tensor codes, IReadOnlyList<torch.Tensor?> companions) =>
        new EncodedValues(Declared!, shape, codes, companions, [.. companions.Select((tensor, i) => tensor is null ? -1 : CoversOf(i, [.. tensor.shape], shape)!.Value)]);

    private static string Text(float number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Whether a number is one of float32, as it is written or to the bit.</summary>
    private static bool IsSingle(double number) =>
        float.IsFinite((float)number) && (float)number != 0 && ((float)number == number || double.Parse(Text((float)number), CultureInfo.InvariantCulture) == number);

    /// <summary>Whether elements of two shapes are in the same order, axes of one element aside.</summary>
    private static bool Same(ImmutableArray<long> left, ImmutableArray<long> right) => left.Where(size => size != 1).SequenceEqual(right.Where(size => size != 1));

    /// <summary>The shape in which codes of a shape are stored; null where they have not the axis, or blocks would be cut.</summary>
    private static ImmutableArray<long>? Packed(CodeLayout layout, ImmutableArray<long> shape)
    {
        if (layout.Bits == 0) return shape;
        var axis = shape.Length + layout.Axis;
        if (axis < 0 || axis >= shape.Length) return null;
        if (layout.Block == 0) return shape.SetItem(axis, Words(shape[axis]));
        return shape[axis] % layout.Block != 0 ? null : [.. shape[..axis], shape[axis] / layout.Block, Words(layout.Block), .. shape[(axis + 1)..]];

        long Words(long codes) => (long)(((Int128)codes * layout.Bits + layout.Word - 1) / layout.Word);
    }

    /// <summary>The axes that codes are packed and blocks are counted along.</summary>
    private ImmutableArray<long> Axes(ImmutableArray<long> shape) => Declared!.Flat ? [shape.Aggregate(1L, (count, size) => count * size)] : shape;

    private static Covers Read(string text) => Covers.TryParse(text, out var covers) ? covers! : throw new ArgumentException(text, nameof(text));

    /// <summary>What a companion covers, by its alternatives; null where a text is none.</summary>
    private static Covers?[] ReadAll(CompanionEncoding companion) => Known.GetValue(companion, static companion => [.. companion.Covers.Select(static text => Covers.TryParse(text, out var covers) ? covers : null)]);

    private ImmutableArray<long>? Stored(CompanionEncoding companion, int alternative, ImmutableArray<long> shape)
    {
        var axes = Axes(shape);
        return ReadAll(companion)[alternative] is { } covers && covers.Axes <= axes.Length ? Packed(companion.Layout, covers.Grid(axes)) : null;
    }

    private string Meaning(string text, ImmutableArray<long> shape) =>
        Covers.TryParse(text, out var covers) ? string.Join(' ', covers!.Blocks(Axes(shape).Length).Zip(Axes(shape), (block, size) => block == Covers.Whole ? size : Math.Min(block, size))) : "";
}
