using Lanyard.Books;
using Lanyard.Index;
using Lanyard.Memory;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>A tensor that the caller holds.</summary>
/// <inheritdoc path="/param"/>
internal sealed class GivenTensor(WeightUpdate update, torch.Tensor tensor, Arrival arrival, PlacedTensor place) : TensorSource(place, update.Writer.Shadowed(place))
{
    public override torch.ScalarType Type => arrival.Type;

    public override long Bytes { get; } = tensor.numel() * tensor.element_size();

    /// <summary>Admits a whole tensor; null where nothing is to be written.</summary>
    public static GivenTensor? Admit(WeightUpdate update, string name, torch.Tensor tensor)
    {
        var arrival = new Arrival(name, Shapes.Of(tensor), tensor.dtype);
        var admission = update.Admit(arrival);
        if (update.Tied(name) is { } tied)
        {
            using var copy = InOrder(tensor);
            update.CompareTied(tied, copy ?? tensor);
        }
        return admission is { IsRead: true } ? new GivenTensor(update, tensor, arrival, admission) : null;
    }

    /// <summary>The tensor with its elements in order, for the caller to dispose; null where they are. A view that negates what it reads may be contiguous, too: of a single element, or by as_strided.</summary>
    public static torch.Tensor? InOrder(torch.Tensor tensor) => !tensor.is_contiguous() ? tensor.contiguous() : tensor.is_neg() ? tensor.resolve_neg() : null;

    public override void Locate() => Address = tensor.is_neg() ? 0 : TensorAddress.Reach(tensor);

    public override int Write()
    {
        using var copy = InOrder(tensor);
        return update.Writer.Write(Place, copy ?? tensor);
    }
}
