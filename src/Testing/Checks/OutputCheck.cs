using System.Globalization;
using Lanyard.Checkpoints;
using static TorchSharp.torch;

namespace Lanyard.Testing.Checks;

/// <summary>Compares outputs with those of a reference.</summary>
internal static class OutputCheck
{
    public static Dictionary<string, double> Run(Checkpoint reference, Func<IReadOnlyDictionary<string, Tensor>, IEnumerable<(string Name, Tensor Value)>> run, double tolerance, Findings findings)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var expected = reference.Tensors.Values.ToDictionary(tensor => tensor.Name, reference.View, StringComparer.Ordinal);
        var differences = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, value) in run(expected))
        {
            using var output = value;
            if (!expected.TryGetValue(name, out var wanted)) findings.Add(ModelTestCheck.Outputs, "", name, $"it was computed, and {reference.Path} has no tensor of that name");
            else differences[name] = Compare(ModelTestCheck.Outputs, name, wanted, output, tolerance, findings);
        }
        return differences.Count > 0 || findings.Problems.Count > 0 ? differences : throw new ArgumentException("No output was returned, so that nothing was compared.", nameof(run));
    }

    /// <summary>Compares one output, and returns the most by which a value differs.</summary>
    public static double Compare(ModelTestCheck check, string name, Tensor wanted, Tensor output, double tolerance, Findings findings)
    {
        if (!wanted.shape.AsSpan().SequenceEqual(output.shape))
        {
            findings.Add(check, "", name, $"expected [{string.Join(", ", wanted.shape)}], found [{string.Join(", ", output.shape)}]");
            return double.PositiveInfinity;
        }
        if (wanted.numel() == 0) return 0;
        using var scope = NewDisposeScope();
        var (right, found) = (wanted.to(ScalarType.Float64), output.cpu().to(ScalarType.Float64));
        var difference = (right - found).abs();
        var (most, largest) = (difference.max().ReadDouble(), right.abs().max().ReadDouble());

        // Not greater, for what is no number is not greater than anything.
        if (most <= tolerance * Math.Max(1, largest)) return most;
        var at = difference.flatten().argmax(0).ReadInt64();
        findings.Add(check, "", name, string.Create(CultureInfo.InvariantCulture, $"it differs by {most:g3}, and may by {tolerance * Math.Max(1, largest):g3}; most at {Place(at, wanted.shape)}, expected {right.flatten()[at].ReadDouble():g6}, found {found.flatten()[at].ReadDouble():g6}"));
        return most;
    }

    private static string Place(long flat, long[] shape)
    {
        var place = new long[shape.Length];
        for (var axis = shape.Length - 1; axis >= 0; axis--) (flat, place[axis]) = (flat / shape[axis], flat % shape[axis]);
        return $"[{string.Join(", ", place)}]";
    }
}
