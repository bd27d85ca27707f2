using System.Numerics;
using System.Runtime.Intrinsics;

namespace Lanyard.Encodings.Values;

/// <summary>The operator <c>-</c>.</summary>
internal readonly struct DifferenceOperation<T> : INumberOperation<T> where T : unmanaged, INumber<T>
{
    public static T Of(T left, T right) => checked(left - right);

    public static Vector256<T> Of(Vector256<T> left, Vector256<T> right) => left - right;

    public static Vector512<T> Of(Vector512<T> left, Vector512<T> right) => left - right;
}
