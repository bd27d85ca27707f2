extern alias runtime;

using runtime::Lanyard;
using runtime::Lanyard.Checkpoints;
using TorchSharp;

namespace Lanyard.Generator.Tests.Conformance.Agreement;

/// <summary>A model as a load sees it, on the meta device. It is of float32, which takes whatever another type takes without loss: the compiler asks for one by which all tensors fit.</summary>
internal sealed class LoadedModel : IDisposable
{
    public LoadedModel(IParameterModule model) => Module = model.OnRank(null, torch.ScalarType.Float32, torch.META);

    public IParameterModule Module { get; }

    /// <summary>What is wrong with a checkpoint; null where the model takes it.</summary>
    public string? Refusal(IReadOnlyCollection<CheckpointTensor> headers)
    {
        try
        {
            LoadPlan.Check(Module, headers);
            return null;
        }
        catch (LoadException e)
        {
            // A refusal is an answer here.
            return e.Message;
        }
    }

    public void Dispose() => (Module as IDisposable)?.Dispose();
}
