using System.Net;
using Amazon.S3;

namespace ArtifactPlatform.Core.Storage.Doctor;

/// <summary>Says what an error of the store is about, and which setting or permission to change.</summary>
internal static class ExplainFailure
{
    /// <param name="permission">What the store must allow for this, as <c>s3:PutObject</c>.</param>
    public static CheckFailedException Of(Exception exception, StorageOptions options, string permission)
    {
        if (exception is CheckFailedException known)
        {
            return known;
        }

        if (exception is not AmazonS3Exception { StatusCode: not 0 } answer)
        {
            return new(
                $"{options.Address.Endpoint.Authority} did not answer as an S3 store: {(exception is OperationCanceledException ? "it took too long" : exception.Message)}",
                "Check Endpoint= in ConnectionStrings__objectstore: host, port, and http or https; and whether the store runs and this machine may reach it.");
        }

        var bucket = options.Bucket;
        return new($"The store answered {(int)answer.StatusCode} {answer.ErrorCode}: {answer.Message}", answer.ErrorCode switch
        {
            "InvalidAccessKeyId" => "The store knows no such access key. Check AccessKey= in ConnectionStrings__objectstore, and that Endpoint= leads to the store that issued it.",
            "SignatureDoesNotMatch" => "The secret does not fit the access key. Check SecretKey= in ConnectionStrings__objectstore; behind a proxy, have it pass the Host header on unchanged.",
            "RequestTimeTooSkewed" => "The clocks of this machine and of the store differ by more than 15 minutes. Let both follow NTP.",
            "NoSuchBucket" => $"There is no bucket {bucket}. Check Storage__Bucket, or have it made: ./run.sh migrate.",
            "AuthorizationHeaderMalformed" or "PermanentRedirect" or "IllegalLocationConstraintException" => $"The bucket is in another region than {options.Region}. Set Storage__Region.",
            _ when answer.StatusCode == HttpStatusCode.Forbidden => $"The access key may not do this. Grant it {permission} on bucket {bucket} and on {bucket}/*.",
            _ when answer.StatusCode is HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed => $"The store does not offer this operation ({permission}). Use a store, or a version of it, that does.",
            _ => $"Check that Endpoint= in ConnectionStrings__objectstore leads to an S3 store, and look in its log for this time. The access key needs {permission} on bucket {bucket} and on {bucket}/*.",
        });
    }
}
