using Lanyard.Checkpoints;
using TorchSharp;

namespace Lanyard.Encodings;

/// <summary>Which element types a parameter may be filled from as they are.</summary>
internal static class ElementTypes
{
    /// <summary>Whether elements of one type may be written to another.</summary>
    public static bool Fits(torch.ScalarType from, torch.ScalarType to, bool narrow) =>
        from == to || Widens(from, to) || (narrow && IsFloat(from) && IsFloat(to));

    /// <summary>The name of a type as checkpoints spell it.</summary>
    public static string Name(torch.ScalarType type) => CheckpointTypes.TryFromScalarType(type, out var known) ? known.Text() : $"{type}";

    /// <summary>Whether a type is one that models compute in.</summary>
    public static bool IsFloat(torch.ScalarType type) =>
        type is torch.ScalarType.Float64 or torch.ScalarType.Float32 or torch.ScalarType.Float16 or torch.ScalarType.BFloat16;

    // Neither float16 nor bfloat16 into the other: the one has fewer exponents, the other fewer digits.
    private static bool Widens(torch.ScalarType from, torch.ScalarType to) => (from, to) switch
    {
        (torch.ScalarType.BFloat16 or torch.ScalarType.Float16, torch.ScalarType.Float32 or torch.ScalarType.Float64) => true,
        (torch.ScalarType.Float32, torch.ScalarType.Float64) => true,
        _ => false,
    };
}
