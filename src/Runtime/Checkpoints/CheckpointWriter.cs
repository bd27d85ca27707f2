using static TorchSharp.torch;

namespace Lanyard.Checkpoints;

/// <summary>Writes checkpoints in the safetensors format.</summary>
public static class CheckpointWriter
{
    /// <summary>Writes one file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="metadata">The file's <c>__metadata__</c>.</param>
    public static void Write(string path, IEnumerable<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
        => throw new NotImplementedException();

    /// <summary>Writes a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="metadata">The files' <c>__metadata__</c>.</param>
    /// <param name="maxFileBytes">The most tensor bytes a file may have.</param>
    /// <returns>The names of the files.</returns>
    public static IReadOnlyList<string> WriteDirectory(
        string path,
        IEnumerable<(string Name, Tensor Value)> tensors,
        IReadOnlyDictionary<string, string>? metadata = null,
        long maxFileBytes = 5_000_000_000)
        => throw new NotImplementedException();
}
