using Lanyard.Books;
using Lanyard.Index;
using Lanyard.Memory;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>A tensor that the caller holds.</summary>
/// <inheritdoc path="/param"/>
internal sealed class GivenTensor(WeightUpdate update, torch.Tensor tensor, Arrival arrival, PlacedTensor place) : TensorSource(place, update.Writer.Shadowed(place))
{
    private readonly nint _address = tensor.is_neg() ? 0 : TensorAddress.Reach(tensor);

    public override torch.ScalarType Type => arrival.Type.Scalar;

    public override long Bytes { get; } = tensor.numel() * tensor.element_size();

    /// <summary>Admits what comes of a tensor; null where nothing is to be written.</summary>
    public static GivenTensor? Admit(WeightUpdate update, Arrival arrival, torch.Tensor tensor)
    {
        update.Arrivals.From.EnterWritten();
        var place = update.Arrivals.Admit(arrival);
        if (arrival.IsRemembered && update.Arrivals.Tied(arrival.Name) is { } tied)
        {
            using var copy = OrderedTensor.Of(tensor);
            update.Arrivals.CompareTied(tied, copy ?? tensor, arrival.Type, arrival.Place);
        }
        if (place is null || !update.Arrivals.HasZeroPadding(place, arrival, tensor, static tensor => tensor.alias()) || !(place.IsRead || place.Waits)) return null;
        var given = new GivenTensor(update, tensor, arrival, place);
        if (!update.Arrivals.IsApart(place, arrival.Name, tensor, given._address, given.Bytes)) return null;
        if (!place.Waits) return given;
        update.Arrivals.Keep(arrival, tensor);
        return null;
    }

    public override void Locate() => Address = _address;

    public override int Write()
    {
        using var copy = OrderedTensor.Of(tensor);
        return update.Writer.Write(Place, copy ?? tensor, arrival.Type);
    }
}
