namespace Lanyard.Names;

/// <summary>Names in GGUF files that mean something by themselves.</summary>
internal static class GgufNames
{
    /// <summary>The factors of rotary frequencies. They are no weight: whoever loads such a file reads them as a part of the configuration.</summary>
    public const string RotaryFactors = "rope_freqs.weight";
}
