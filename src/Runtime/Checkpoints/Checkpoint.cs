using static TorchSharp.torch;

namespace Lanyard.Checkpoints;

/// <summary>A checkpoint in the safetensors format: one file, or a folder of files with an index.</summary>
public sealed class Checkpoint : IDisposable
{
    private Checkpoint()
    {
    }

    /// <summary>The tensors by name; names are compared ordinally.</summary>
    public IReadOnlyDictionary<string, CheckpointTensor> Tensors => throw new NotImplementedException();

    /// <summary>The full path of the file or folder.</summary>
    public string Path => throw new NotImplementedException();

    /// <summary>The names of the files, without folder, in ordinal order.</summary>
    public IReadOnlyList<string> Files => throw new NotImplementedException();

    /// <summary>The files' <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => throw new NotImplementedException();

    /// <summary>The size of all tensors, in bytes.</summary>
    public long TotalBytes => throw new NotImplementedException();

    /// <summary>Opens a checkpoint.</summary>
    /// <param name="path">A file or a folder.</param>
    public static Checkpoint Open(string path) => throw new NotImplementedException();

    /// <summary>A tensor over the mapped file.</summary>
    /// <param name="tensor">A tensor of this checkpoint.</param>
    public Tensor View(CheckpointTensor tensor) => throw new NotImplementedException();

    /// <summary>Copies bytes of a tensor.</summary>
    /// <param name="tensor">A tensor of this checkpoint.</param>
    /// <param name="byteOffset">Where to begin, in bytes from the tensor's beginning.</param>
    /// <param name="destination">Filled entirely.</param>
    public void Read(CheckpointTensor tensor, long byteOffset, Span<byte> destination) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}
