using TorchSharp;

namespace Lanyard;

/// <summary>Which element types a parameter may be filled from.</summary>
internal static class ElementTypes
{
    /// <summary>Whether elements of one type may be written to another, and what to say where not.</summary>
    public static bool Fits(torch.ScalarType from, torch.ScalarType to, LoadOptions options) =>
        from == to || Widens(from, to) || (options.AllowNarrowing && IsFloat(from) && IsFloat(to));

    private static bool Widens(torch.ScalarType from, torch.ScalarType to) => (from, to) switch
    {
        (torch.ScalarType.BFloat16 or torch.ScalarType.Float16, torch.ScalarType.Float32 or torch.ScalarType.Float64) => true,
        (torch.ScalarType.Float32, torch.ScalarType.Float64) => true,
        _ => false,
    };

    private static bool IsFloat(torch.ScalarType type) =>
        type is torch.ScalarType.Float64 or torch.ScalarType.Float32 or torch.ScalarType.Float16 or torch.ScalarType.BFloat16;
}
