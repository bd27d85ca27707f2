using System.Text;
using Lanyard.Checkpoints;
using Lanyard.Distributed;
using Lanyard.Models.Llama4;
using static TorchSharp.torch;

namespace Lanyard.Ranks;

/// <summary>The trainer: one process with whole weights, in the layouts of the checkpoint.</summary>
internal sealed class TrainerRank(MpiRuntime mpi, string directory)
{
    private readonly Findings _findings = new("trainer");

    /// <summary>Plans the transfer once, and gives the ranks new weights twice.</summary>
    public Findings Run(IEnumerable<TransferRank> engine)
    {
        var refit = Path.Combine(directory, "refit");
        using var model = AutoModel.FromPretrained<Llama4ForCausalLM>(refit, new PretrainedOptions { KernelLayouts = false });
        var plan = TransferPlan.Between(
            new TransferSide(model, [new TransferRank(mpi.Rank, Topology.Single)]),
            new TransferSide(topology => Llama4ForCausalLM.FromConfig(directory).OnRank(topology, device: META), engine));
        using var file = new MemoryStream();
        plan.Write(file);
        var text = Encoding.UTF8.GetString(file.ToArray());
        foreach (var rank in engine) new Texts(mpi.Messages).Send(rank.Process, text);
        _findings.Check("the plan has every parameter of every rank", plan.Parameters > 0, $"{plan.Parameters} parameters, {plan.SentBytes:N0} bytes in {plan.Messages().Count} messages");

        // The next weights; then others, which a rank will refuse.
        plan.Run(mpi.Rank, new MpiTransferChannel(mpi.Messages, EngineRank.TransferTag), model, target: null);
        using (var first = Checkpoint.Open(directory)) LoadPlan.Create(model, first).Execute();
        plan.Run(mpi.Rank, new MpiTransferChannel(mpi.Messages, EngineRank.TransferTag), model, target: null);
        return _findings;
    }
}
