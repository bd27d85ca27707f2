using System.Globalization;
using System.Text;
using Lanyard.Checkpoints;
using Lanyard.Layouts;
using static TorchSharp.torch;

namespace Lanyard.Testing.Weights;

/// <summary>Makes random tensors that a model takes: what must be zero is, and what counts blocks does.</summary>
/// <param name="random">Where the numbers come from.</param>
internal sealed class RandomTensors(Random random)
{
    // The most bytes of a stored JSON are far more.
    private const double JsonNumber = 0.25;

    /// <summary>A tensor for each name.</summary>
    /// <exception cref="NotSupportedException">TorchSharp has no elements of a type.</exception>
    public Dictionary<string, Tensor> Of(IEnumerable<ExpectedTensor> expected) =>
        expected.GroupBy(tensor => tensor.Name, StringComparer.Ordinal).ToDictionary(uses => uses.Key, uses => Of(uses.First(), uses.First().Type), StringComparer.Ordinal);

    /// <summary>A tensor like another one, with other values; what stands beside codes stays.</summary>
    /// <param name="expected">What the model says of it; null where it says nothing.</param>
    /// <param name="tensor">The other one.</param>
    /// <param name="type">Its type.</param>
    public Tensor Like(ExpectedTensor? expected, Tensor tensor, CheckpointType type) =>
        expected is not { Companion: null } || !tensor.shape.AsSpan().SequenceEqual(expected.Shape.AsSpan()) ? tensor : Of(expected, type);

    private Tensor Of(ExpectedTensor expected, CheckpointType type)
    {
        if (!type.IsViewable()) throw new NotSupportedException($"{expected.Name} is of {type.Text()}, of which TorchSharp has no elements");
        if (expected.Companion is { Layout.Type: CodeType.Json } json) return tensor(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"{json.Field}\": {JsonNumber}}}")));
        var value = empty([.. expected.Shape], type.ToScalarType());
        if (value.numel() == 0) return value;
        Fill(value.bytes, expected, type);
        return expected.Companion is null && HasPadding(expected) ? WithoutPadding(value, expected) : value;
    }

    private void Fill(Span<byte> bytes, ExpectedTensor expected, CheckpointType type)
    {
        if (expected.Companion is not { } companion) ElementFill.Values(bytes, type, random);
        else if (companion.Layout.Type == CodeType.Exponent) ElementFill.Exponents(bytes, random);
        else if (Through(expected, companion) is { } block) Numbers(bytes, type, (int)expected.Shape[^1], block);
        else ElementFill.Scales(bytes, type, random);
    }

    /// <summary>How many positions share a number of a companion through which others are read; null where it is another one.</summary>
    private static int? Through(ExpectedTensor expected, CompanionEncoding companion)
    {
        if (expected.Source.Encoding?.Companions.FirstOrDefault(other => other.Through == companion.Name) is not { } other) return null;
        return other.Covers[0].Split(' ').Select(size => int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 1).Max();
    }

    /// <summary>Numbers of blocks along the last axis, for each of the others alike.</summary>
    private static void Numbers(Span<byte> bytes, CheckpointType type, int length, int block)
    {
        for (var i = 0; i < bytes.Length / type.Size(); i++)
        {
            // Little-endian, of any width.
            var element = bytes.Slice(i * type.Size(), type.Size());
            for (var b = 0; b < element.Length; b++) element[b] = b < sizeof(int) ? (byte)(i % length / block >> (8 * b)) : (byte)0;
        }
    }

    private static bool HasPadding(ExpectedTensor expected) => expected.Source.Pattern.Contains("pad", StringComparison.Ordinal);

    /// <summary>The same with zeros where the parameter has no element.</summary>
    private static Tensor WithoutPadding(Tensor value, ExpectedTensor expected)
    {
        var (entry, source) = (expected.Parameter.Entry, expected.Source);
        Axis[] axes = [.. expected.Parameter.Owner.Axes.Select(axis => axis with { Held = AxisShare.All })];
        CheckpointSource[] sources = [.. entry.Sources.Where(other => other.Format == source.Format)];
        var plan = Layout.Resolve(
            expected.Parameter.Storage,
            [.. sources.Select(other => new LayoutSource(other.Name, other.Pattern, other.Part) { Repeat = other.Repeat, Joined = other.Joined })],
            [.. entry.Constants.Where(constant => constant.Format is null || constant.Format == source.Format).Select(constant => new LayoutConstant(constant.Part, constant.Value))],
            axes);
        var kept = zeros_like(value);
        foreach (var slot in plan.Slots.Where(slot => ReferenceEquals(sources[plan.Tensors[slot.Tensor].SourceIndex], source) && expected.Name.EndsWith(plan.Tensors[slot.Tensor].Name, StringComparison.Ordinal)))
        {
            using Tensor from = value.as_strided([.. slot.Sizes], [.. slot.TensorStrides], slot.TensorOffset), to = kept.as_strided([.. slot.Sizes], [.. slot.TensorStrides], slot.TensorOffset);
            to.copy_(from);
        }
        value.Dispose();
        return kept;
    }
}
