using Lanyard.Copies;
using TorchSharp;
using TorchSharp.Modules;

namespace Lanyard.Live;

/// <summary>Moves new values into live storage, all together, and disposes them.</summary>
internal sealed class ValueMoves : IDisposable
{
    private readonly CopyBatch _batch = new();
    private readonly List<(Parameter From, Parameter To)> _moves = [];

    /// <summary>Adds a value and the storage that it goes to, of the same shape and type.</summary>
    public void Add(Parameter from, Parameter to) => _moves.Add((from, to));

    public void Run()
    {
        using var noGrad = torch.no_grad();
        foreach (var (from, to) in _moves)
        {
            if (TensorAddress.Reach(from) is not 0 and var source && TensorAddress.Reach(to) is not 0 and var target && ElementCopies.Of(from.dtype, to.dtype) is { } elements)
                _batch.Add(source, target, StridedCopy.Run(from.numel()), elements);
            else
                to.copy_(from);
        }
        _batch.Run();
    }

    public void Dispose()
    {
        foreach (var (from, _) in _moves) from.Dispose();
        _moves.Clear();
    }
}
