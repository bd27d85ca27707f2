using System.Collections.Immutable;
using Lanyard.Arithmetic;
using Lanyard.Checkpoints;
using Lanyard.Encodings;
using Lanyard.Index;
using Lanyard.Layouts;

namespace Lanyard.Books;

/// <summary>
/// Compares how a source declares that values are stored with what the configuration beside them says, where a shape does not tell: blocks
/// of 96 and of 128 are as many in 192 columns.
/// </summary>
internal sealed class ConfiguredForms
{
    // Codes that are elements of their own are bytes.
    private const int ByteBits = 8;

    private readonly List<(TensorUse Use, ViewOrigin Origin, string Name)> _taken = [];

    /// <summary>Enters what a tensor is taken for.</summary>
    public void Add(TensorUse use, Arrival arrival)
    {
        if (arrival.Origin is { } origin && Concern(use)) _taken.Add((use, origin, arrival.Name));
    }

    /// <summary>What the configurations of stored tensors say otherwise than what they were taken for.</summary>
    /// <param name="beside">How a companion came, or null.</param>
    /// <exception cref="CheckpointException">A configuration cannot be read.</exception>
    public IEnumerable<LoadProblem> Faults(Func<ModelTensor, Arrival?> beside) => _taken.SelectMany(taken => Faults(taken.Use, taken.Origin, taken.Name, beside));

    private static IEnumerable<LoadProblem> Faults(TensorUse use, ViewOrigin origin, string name, Func<ModelTensor, Arrival?> beside)
    {
        foreach (var config in origin.Checkpoint.QuantisationOf(origin.Stored))
        {
            foreach (var field in use.Encoding.Declared?.Configured ?? [])
            {
                if (config.Fields.TryGetValue(field.Name, out var value) && !string.Equals(value, field.Value, StringComparison.OrdinalIgnoreCase))
                    yield return Fault($"{field.Name} {field.Value}, as {use.Encoding.Declared!.Name} declares", $"{field.Name} {value} in {config.File}");
            }
            foreach (var blocks in use.Encoding.IsPlain ? OfPattern(use) : OfCompanions(use, beside))
            {
                var said = config.Blocks.Where(said => (blocks.Bits is null || said.Bits is null || said.Bits == blocks.Bits) && (blocks.Bits is not null || said.Sizes.Length == blocks.Sizes.Length)).ToList();
                if (said.Count > 0 && !said.Exists(blocks.Agrees))
                    yield return Fault(blocks.Text, $"{string.Join(" and ", said.Select(said => said.Field).Distinct())} in {config.File}");
            }
        }

        LoadProblem Fault(string expected, string found) => new(LoadProblemKind.WrongConfiguration, name, use.Parameter.Name, expected, found);
    }

    /// <summary>Whether there may be anything to compare.</summary>
    private static bool Concern(TensorUse use) => !use.Companions.IsEmpty || (use.Encoding.IsPlain && use.Source.Pattern.Contains("blocks", StringComparison.Ordinal) && IsScale(use.Source.Name));

    /// <summary>The finest blocks that companions cover, where they cut an axis.</summary>
    private static IEnumerable<DeclaredBlocks> OfCompanions(TensorUse use, Func<ModelTensor, Arrival?> beside)
    {
        var layout = use.Encoding.Declared!.Layout;
        for (var i = 0; i < use.Companions.Length; i++)
        {
            if (beside(use.Companions[i]) is not { } came || use.Encoding.CoversOf(i, came.Shape, use.Shape) is not (>= 0 and var covers)) continue;
            var companion = use.Encoding.Companions[i];
            if (companion.Layout.Type is not (CodeType.Number or CodeType.Exponent) || !Covers.TryParse(companion.Covers[covers], out var read) || use.Shape.Length < read!.Axes) continue;
            ImmutableArray<long> shape = use.Encoding.Declared.Flat ? [use.Shape.Aggregate(1L, (count, size) => count * size)] : use.Shape;
            var blocks = new DeclaredBlocks(read.Blocks(shape.Length), shape, layout.Bits == 0 ? ByteBits : layout.Bits, $"{companion.Name} of blocks \"{companion.Covers[covers]}\", as {use.Encoding.Declared.Name} declares");
            if (blocks.Cut > 0) yield return blocks;
        }
    }

    /// <summary>The blocks of scales that are kept as they are.</summary>
    private static IEnumerable<DeclaredBlocks> OfPattern(TensorUse use)
    {
        if (!IsScale(use.Source.Name) || !Pattern.TryParse(use.Source.Pattern, out var pattern, out _)) yield break;
        var (axes, blocks) = (new AxisTable(use.Parameter.Module.Set.Axes), pattern.Items.OfType<BlocksNode>().ToList());
        var declared = new DeclaredBlocks([.. blocks.Select(block => block.Size)], [.. blocks.Select(block => Extents.Of(block.Composition, axes.Full))], null, $"blocks of \"{use.Source.Pattern}\"");
        if (declared.Cut > 0) yield return declared;
    }

    private static bool IsScale(string name) => name[(name.LastIndexOf('.') + 1)..] is var leaf && (leaf.Contains("scale", StringComparison.Ordinal) || leaf.Contains("zero", StringComparison.Ordinal));

    /// <summary>Blocks as a source declares them.</summary>
    /// <param name="Sizes">Along each axis; zero for all of it.</param>
    /// <param name="Shape">The axes.</param>
    /// <param name="Bits">The bits of a code; null where they are not known.</param>
    /// <param name="Text">What is declared, for messages.</param>
    private sealed record DeclaredBlocks(ImmutableArray<long> Sizes, ImmutableArray<long> Shape, int? Bits, string Text)
    {
        /// <summary>How many axes are cut into blocks of more than one position: of others the shape tells.</summary>
        public int Cut { get; } = Sizes.Zip(Shape).Count(axis => axis.First > 1 && axis.First < axis.Second);

        /// <summary>Whether they are what a configuration says, along whichever axis: it does not say in which order the axes are stored.</summary>
        public bool Agrees(QuantisedBlocks said)
        {
            var last = Shape.Length - 1;
            return said.Sizes switch
            {
                [var group] => Enumerable.Range(0, Shape.Length).Any(along => Are(axis => axis == along ? group : 1)),
                [var rows, var columns] when last > 0 => Are(axis => axis == last ? columns : axis == last - 1 ? rows : 1) || Are(axis => axis == last ? rows : axis == last - 1 ? columns : 1),
                [_, var columns] => Are(_ => columns),
                _ => false,
            };
        }

        private bool Are(Func<int, long> size) => Enumerable.Range(0, Shape.Length).All(axis => Within(Sizes[axis], axis) == Within(size(axis), axis));

        private long Within(long size, int axis) => size == Covers.Whole ? Shape[axis] : Math.Min(size, Shape[axis]);
    }
}
