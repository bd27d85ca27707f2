using Lanyard.Copies;
using Lanyard.Memory;
using TorchSharp;
using TorchSharp.Modules;

namespace Lanyard.Live;

/// <summary>Moves new values into live storage, all together, and disposes them.</summary>
internal sealed class ValueMoves : IDisposable
{
    private readonly CopyBatch _batch = new();
    private readonly List<Relocation> _moves = [];

    /// <summary>Adds a value and the storage that it goes to, of the same shape and type.</summary>
    public void Add(Parameter from, TensorForm source, Parameter to, TensorForm target) => _moves.Add(new Relocation(from, source, to, target));

    public void Run()
    {
        using var noGrad = torch.no_grad();
        foreach (var (from, source, to, target) in _moves)
        {
            if (source.Reach != 0 && target.Reach != 0 && ElementCopies.Of(source.Type, target.Type) is { } elements)
                _batch.Add(source.Reach, target.Reach, StridedCopy.Run(source.Elements), elements);
            else
                to.copy_(from);
        }
        _batch.Run();
    }

    public void Dispose()
    {
        foreach (var move in _moves) move.From.Dispose();
        _moves.Clear();
    }

    private readonly record struct Relocation(Parameter From, TensorForm Source, Parameter To, TensorForm Target);
}
