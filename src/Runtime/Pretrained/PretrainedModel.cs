using Lanyard.Checkpoints;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Pretrained;

/// <summary>Makes the model of a family and loads it.</summary>
internal static class PretrainedModel
{
    public static TModel Load<TModel>(Checkpoint checkpoint, PretrainedConfig config, PretrainedOptions options, CancellationToken cancellationToken, out LoadReport report)
        where TModel : Module<Tensor, Tensor>, IModelFamily<TModel>
    {
        // To the caller, whatever scope they are in: what is behind a model is disposed with the model.
        var model = TModel.FromConfig(config);
        if (options.Exchange is { } exchange) model.Exchange(exchange);

        // Where a rank is refused nothing was made, and disposal would ask again.
        model.OnRank(options.Topology, options.Type ?? config.Type ?? ScalarType.Float32, options.Device, options.KernelLayouts, options.Allocate);
        try
        {
            report = LoadPlan.Create(model, checkpoint, PretrainedFile.IsGguf(checkpoint) ? GgufConfig.Adapted(checkpoint, options.Load) : options.Load).Execute(options.Progress, cancellationToken);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
