using Lanyard.Index;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>An admitted tensor with the elements to copy.</summary>
/// <param name="place">Where the elements go.</param>
/// <param name="shadowed">The parameter whose shadow they are written to, and which has it only for a time; else null.</param>
internal abstract class TensorSource(PlacedTensor place, ModelParameter? shadowed)
{
    /// <summary>The copies within memory that are left to do.</summary>
    public int Copies;

    public PlacedTensor Place => place;

    public ModelParameter? Shadowed => shadowed;

    /// <summary>The type of the elements.</summary>
    public abstract torch.ScalarType Type { get; }

    /// <summary>The bytes of the whole tensor.</summary>
    public abstract long Bytes { get; }

    /// <summary>The bytes of it that the model takes.</summary>
    public long Taken => place.BytesOf(Bytes);

    /// <summary>Where the elements lie in the memory of this process, in order; zero where they do not, and before <see cref="Locate"/>.</summary>
    public nint Address { get; protected set; }

    /// <summary>Finds the address.</summary>
    public abstract void Locate();

    /// <summary>Whether <see cref="TryMap"/> is worth asking.</summary>
    public virtual bool MayMap => false;

    /// <summary>Makes a mapped file the storage of the parameter, where that was asked for and the two are the same.</summary>
    public virtual bool TryMap() => false;

    /// <summary>Writes what is more than a copy within memory.</summary>
    /// <returns>The number of slots that were written.</returns>
    public abstract int Write();
}
