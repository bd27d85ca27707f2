namespace Lanyard.Generator.Conformance.Sizes;

/// <summary>From where to where each unknown can be. A high end of <see cref="Saturated.Huge"/> is none.</summary>
internal sealed class SizeBox
{
    public SizeBox(int unknowns)
    {
        Low = new ulong[unknowns];
        High = new ulong[unknowns];
        Reset();
    }

    public ulong[] Low { get; }

    public ulong[] High { get; }

    /// <summary>Whether one value is left.</summary>
    public bool IsFixed(int unknown) => Low[unknown] == High[unknown] && High[unknown] < Saturated.Huge;

    public void Reset()
    {
        for (var i = 0; i < Low.Length; i++) (Low[i], High[i]) = (1, Saturated.Huge);
    }

    public void CopyFrom(SizeBox other)
    {
        Array.Copy(other.Low, Low, Low.Length);
        Array.Copy(other.High, High, High.Length);
    }
}
