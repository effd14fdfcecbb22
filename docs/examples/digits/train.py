# SPDX-License-Identifier: Apache-2.0
"""Train a small classifier of handwritten digits and report it to ClearML.

Run it here with the embedded server, nothing configured before:

    ./clearml-agent run docs/examples/digits/train.py
    ./clearml-agent run docs/examples/digits/train.py -- --epochs 30
"""

import argparse
import pickle

from clearml import Task
from clearml.model import OutputModel
from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import accuracy_score, confusion_matrix, log_loss
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

MODEL_FILE = "digits.pkl"


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=20, help="passes over the training set")
    parser.add_argument("--alpha", type=float, default=0.0005, help="strength of the regularisation")
    parser.add_argument("--seed", type=int, default=7, help="seed of everything random")
    return parser.parse_args()


def load_data(seed):
    images, labels = load_digits(return_X_y=True)
    train_images, test_images, train_labels, test_labels = train_test_split(
        images, labels, test_size=0.25, stratify=labels, random_state=seed
    )
    scaler = StandardScaler().fit(train_images)
    return scaler.transform(train_images), scaler.transform(test_images), train_labels, test_labels


def main():
    # Under the agent this finds the task that the agent runs; by hand it makes a new one.
    task = Task.init(project_name="examples", task_name="digits", output_uri=True)  # models go to the files server
    arguments = parse_arguments()  # ClearML takes the parameters from here, and may override them
    logger = task.get_logger()

    train_images, test_images, train_labels, test_labels = load_data(arguments.seed)
    classifier = SGDClassifier(loss="log_loss", alpha=arguments.alpha, random_state=arguments.seed)
    print(f"training on {len(train_labels)} images, testing on {len(test_labels)}")

    for epoch in range(1, arguments.epochs + 1):
        classifier.partial_fit(train_images, train_labels, classes=range(10))
        loss = log_loss(test_labels, classifier.predict_proba(test_images))
        accuracy = accuracy_score(test_labels, classifier.predict(test_images))
        logger.report_scalar("loss", "test", value=loss, iteration=epoch)
        logger.report_scalar("accuracy", "test", value=accuracy, iteration=epoch)
        print(f"epoch {epoch:3d}  loss {loss:.4f}  accuracy {accuracy:.4f}")

    logger.report_confusion_matrix(
        "confusion",
        "test",
        matrix=confusion_matrix(test_labels, classifier.predict(test_images)),
        iteration=arguments.epochs,
        xaxis="predicted",
        yaxis="true",
    )
    with open(MODEL_FILE, "wb") as file:
        pickle.dump(classifier, file)
    model = OutputModel(task=task, name="digits", framework="ScikitLearn")
    model.update_weights(weights_filename=MODEL_FILE, async_enable=False)
    print(f"model stored, accuracy {accuracy:.4f}")


if __name__ == "__main__":
    main()
