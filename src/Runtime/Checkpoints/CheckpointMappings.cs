using TorchSharp;

namespace Lanyard.Checkpoints;

/// <summary>Addresses of tensors in the mapped files of a checkpoint. They hold until this is disposed, whatever becomes of the checkpoint. Not thread-safe.</summary>
internal sealed class CheckpointMappings(Checkpoint checkpoint) : IDisposable
{
    private readonly Dictionary<string, (torch.Tensor Mapping, nint Address)> _files = new(StringComparer.Ordinal);

    /// <summary>The address of a tensor's first byte; it need not be a multiple of the element size.</summary>
    /// <param name="tensor">A tensor of the checkpoint with elements.</param>
    /// <exception cref="CheckpointException">The file has changed since it was opened, or cannot be mapped.</exception>
    /// <exception cref="ObjectDisposedException">The checkpoint has been disposed.</exception>
    public nint Address(CheckpointTensor tensor)
    {
        if (!_files.TryGetValue(tensor.File, out var file))
        {
            var mapping = checkpoint.Map(tensor);
            _files.Add(tensor.File, file = (mapping, TensorMemory.Address(mapping)));
        }
        return file.Address + (nint)tensor.Offset;
    }

    public void Dispose()
    {
        foreach (var (mapping, _) in _files.Values) mapping.Dispose();
        _files.Clear();
    }
}
